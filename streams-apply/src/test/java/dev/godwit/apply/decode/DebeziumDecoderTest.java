package dev.godwit.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.assemble.DebeziumAssembler;
import dev.godwit.apply.assemble.RestartOffsets;
import dev.godwit.apply.assemble.Slicer;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.decode.Samples.Message;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.spill.SpillSpace;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.local.PostgresServer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Messages recorded from Debezium, decoded with the catalog of the recorded schema, and read back by a real
 * PostgreSQL.
 */
class DebeziumDecoderTest {
    private static final String DOMAIN = "shop-eu-forward";
    private static PostgresServer server;
    private static Database database;
    private static Catalog catalog;

    @BeforeAll
    static void createRecordedSchema() throws SQLException, IOException {
        server = PostgresServer.start("decode");
        database = Database.connect("source", server.createDatabase("shop"));
        String schema = new String(
                DebeziumDecoderTest.class
                        .getResourceAsStream("/debezium/schema.sql")
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(schema);
        }
        catalog = database.catalog();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static DebeziumDecoder decoder() {
        return decoder(column -> true);
    }

    private static DebeziumDecoder decoder(Predicate<Column> there) {
        Map<String, TableName> topics = new HashMap<>();
        Map<TableName, CapturedTable> tables = new HashMap<>();
        for (Table whole : catalog.tables().values()) {
            Table table = new Table(
                    whole.name(),
                    whole.columns().stream().filter(there).toList(),
                    whole.primaryKey(),
                    List.of(),
                    whole.replicaIdentity());
            topics.put(DOMAIN + "." + table.name().toString().replace(' ', '_'), table.name());
            tables.put(table.name(), new CapturedTable(table, table));
        }
        topics.put(DOMAIN + "._godwit.applied", new TableName("_godwit", "applied"));
        topics.put(DOMAIN + "._godwit.watermark", new TableName("_godwit", "watermark"));
        return new DebeziumDecoder(DOMAIN, DOMAIN + ".transaction", topics, tables);
    }

    private static List<Transaction> transactions(String resource) {
        List<Transaction> released = new ArrayList<>();
        DebeziumDecoder decoder = decoder();
        DebeziumAssembler assembler = new DebeziumAssembler(
                new Slicer(Map.of()),
                new RestartOffsets(),
                new SpillSpace(Path.of("target", "no-spill"), Long.MAX_VALUE),
                new DomainState(1, null, List.of(), Map.of(), Map.of()),
                (transaction, holder) -> released.add(transaction));
        long offset = 0;
        for (Message message : Samples.read(resource)) {
            Origin origin = new Origin(new TopicPartition(message.topic(), 0), offset++);
            assembler.accept(origin, decoder.decode(origin, message.key(), message.value()));
        }
        assertThat(assembler.openTransactions()).isZero();
        return released;
    }

    private static List<Change> changes(String table) {
        return transactions("/debezium/types.ndjson").stream()
                .flatMap(transaction -> transaction.changes().stream())
                .filter(change -> change.table().name().name().equals(table))
                .toList();
    }

    @Test
    void everyValueOfEveryTypeIsTakenByTheDatabase() throws SQLException {
        Set<String> columnsWithValues = new HashSet<>();
        try (Connection connection = database.open()) {
            for (String table : List.of("all_types", "all_arrays")) {
                for (Change change : changes(table)) {
                    Map<String, String> row = Samples.after(change);
                    for (Column column : change.table().columns()) {
                        String text = row.get(column.name());
                        if (text != null) {
                            columnsWithValues.add(table + "." + column.name());
                            readBack(connection, column, text);
                        }
                    }
                }
            }
        }
        assertThat(columnsWithValues).hasSize(34 + 21);
    }

    private static String readBack(Connection connection, Column column, String text) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT (?::text::" + column.type().castName() + ")::text")) {
            select.setString(1, text);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getString(1);
            } catch (SQLException e) {
                throw new AssertionError("column " + column + " does not take <" + text + ">", e);
            }
        }
    }

    @Test
    void datesAndTimesMeanTheSameInstantToTheDatabase() throws SQLException, IOException {
        Map<String, String> expressions = Map.of(
                "c_date", "(?::text::date - date '1970-01-01')::text",
                "c_time", "(extract(epoch from ?::text::time) * 1000000)::numeric(30,0)::text",
                "c_ts", "(extract(epoch from ?::text::timestamp) * 1000000)::numeric(30,0)::text");
        int compared = 0;
        try (Connection connection = database.open()) {
            for (Message message : Samples.read("/debezium/types.ndjson")) {
                if (!message.topic().endsWith(".all_types")) {
                    continue;
                }
                Json.Members after = (Json.Members) ((Json.Members) Json.parse(message.value())).member("after");
                Map<String, String> decoded = decodedRow(message);
                for (Map.Entry<String, String> expression : expressions.entrySet()) {
                    String text = decoded.get(expression.getKey());
                    if (text != null && !text.endsWith("infinity")) {
                        compared++;
                        assertThat(single(connection, "SELECT " + expression.getValue(), text))
                                .as("%s %s", expression.getKey(), text)
                                .isEqualTo(((Json.Numeral) after.member(expression.getKey())).text());
                    }
                }
                String instant = decoded.get("c_tstz");
                // The server computes the epoch of its very last day in floating point.
                if (instant != null && !instant.endsWith("infinity") && !instant.startsWith("294276")) {
                    compared++;
                    assertThat(single(
                                    connection,
                                    "SELECT (extract(epoch from ?::text::timestamptz) * 1000000)::numeric(30,0)::text",
                                    instant))
                            .as("c_tstz %s", instant)
                            .isEqualTo(micros(((Json.Text) after.member("c_tstz")).value()));
                }
            }
        }
        assertThat(compared).isGreaterThan(30);
    }

    /** Who knows that the row was applied before its column was dropped can pass over it. */
    @Test
    void aRowWithAColumnThatIsNotThereTellsAllButItsChange() {
        DebeziumDecoder now = decoder(column -> !column.name().startsWith("c_n"));
        DebeziumDecoder before = decoder();
        int places = 0;
        int compared = 0;
        for (Message message : Samples.read("/debezium/types.ndjson")) {
            if (message.topic().endsWith(".all_types")) {
                Origin origin = new Origin(new TopicPartition(message.topic(), 0), compared++);
                Event.TransactionRow row = (Event.TransactionRow) before.decode(origin, message.key(), message.value());
                SchemaChangedException changed = catchThrowableOfType(
                        SchemaChangedException.class, () -> now.decode(origin, message.key(), message.value()));
                assertThat(changed.row())
                        .contains(new Event.TransactionRow(
                                row.transactionId(),
                                row.collection(),
                                row.totalOrder(),
                                row.collectionOrder(),
                                row.position(),
                                Meaning.DATA,
                                null,
                                null,
                                row.place()));
                places += row.place() == null ? 0 : 1;
            }
        }
        assertThat(places).isPositive();
        assertThat(compared).isPositive();
    }

    private static Map<String, String> decodedRow(Message message) {
        Origin origin = new Origin(new TopicPartition(message.topic(), 0), 0);
        Event.TransactionRow row = (Event.TransactionRow) decoder().decode(origin, message.key(), message.value());
        return Samples.after(row.change());
    }

    private static String micros(String iso) {
        java.time.Instant instant = java.time.OffsetDateTime.parse(iso).toInstant();
        return BigInteger.valueOf(instant.getEpochSecond())
                .multiply(BigInteger.valueOf(1_000_000L))
                .add(BigInteger.valueOf(instant.getNano() / 1_000))
                .toString();
    }

    private static String single(Connection connection, String sql, String parameter) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, parameter);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    @Test
    void oddNumbersKeepTheirValue() {
        List<Change> changes = changes("all_types");

        assertThat(changes)
                .extracting(change -> change.after().value("c_num_unb"))
                .contains("NaN", "Infinity", "-Infinity");
        assertThat(changes).extracting(change -> change.after().value("c_f8")).contains("-0.0", "NaN", "-Infinity");
        assertThat(changes).extracting(change -> change.after().value("c_i8")).contains("9223372036854775807");
        assertThat(changes)
                .extracting(change -> change.after().value("c_bytea"))
                .contains("\\x00ff10616263", "\\x");
        assertThat(changes)
                .extracting(change -> change.after().value("c_jsonb"))
                .contains("null");
    }

    @Test
    void transactionsComeWholeAndInCommitOrder() {
        List<Transaction> transactions = transactions("/debezium/transactions.ndjson");

        assertThat(transactions).hasSizeGreaterThan(5);
        assertThat(transactions)
                .isSortedAccordingTo((left, right) -> left.position().compareTo(right.position()));
        assertThat(transactions.stream()
                        .flatMap(transaction -> transaction.changes().stream())
                        .map(Change::operation))
                .contains(Operation.UPSERT, Operation.DELETE, Operation.TRUNCATE);
    }

    @Test
    void unchangedOutOfLineValuesCountAsNotSentAndAChangedKeyRemembersTheOldOne() {
        List<Change> changes = transactions("/debezium/transactions.ndjson").stream()
                .flatMap(transaction -> transaction.changes().stream())
                .filter(change -> change.table().name().name().equals("toast") && change.after() != null)
                .toList();

        assertThat(changes).anySatisfy(change -> {
            assertThat(change.after().isPartial()).isTrue();
            assertThat(change.after().isSent("n")).isTrue();
            assertThat(change.after().isSent("t")).isFalse();
            assertThat(change.after().isSent("ba")).isFalse();
        });
        assertThat(changes).filteredOn(change -> change.movedFrom() != null).isNotEmpty();
    }

    @Test
    void aTruncateOutsideOfAnyTransactionIsRefused() {
        Origin origin = new Origin(new TopicPartition(DOMAIN + ".shop.parent", 0), 3);
        byte[] value = ("{\"op\":\"t\",\"before\":null,\"after\":null,\"transaction\":null,"
                        + "\"source\":{\"db\":\"shop\",\"table\":\"parent\",\"file\":\"bin.000003\",\"pos\":4}}")
                .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> decoder().decode(origin, null, value))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("shop-eu-forward.shop.parent-0@3")
                .hasMessageContaining("TRUNCATE")
                .hasMessageContaining("Debezium's own MySQL connector");
    }

    @Test
    void anEventOutsideATransactionIsRefused() {
        Origin origin = new Origin(new TopicPartition(DOMAIN + ".shop.parent", 0), 3);
        byte[] value = "{\"op\":\"r\",\"after\":{\"id\":1},\"source\":{\"lsn\":1}}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> decoder().decode(origin, "{\"id\":1}".getBytes(StandardCharsets.UTF_8), value))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("shop-eu-forward.shop.parent-0@3")
                .hasMessageContaining("provide.transaction.metadata=true");
    }
}
