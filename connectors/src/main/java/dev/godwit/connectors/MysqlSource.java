package dev.godwit.connectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.connectors.plugin.WholeTransactionsMysqlConnector;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.database.mysql.MysqlProblem;
import dev.godwit.database.mysql.MysqlServerCheck;
import dev.godwit.database.mysql.MysqlTablesCheck;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * MySQL: the place is a GTID set, the load's, which Connect is told as the connector's offset before it starts. The history of the tables'
 * definitions, which Debezium wants to have seen from the beginning, is made anew from the definitions as they are.
 */
final class MysqlSource implements ForwardSource {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ForwardSettings settings;

    MysqlSource(ForwardSettings settings) {
        this.settings = settings;
    }

    @Override
    public String debeziumName() {
        return "MySQL";
    }

    @Override
    public Class<?> connectorClass() {
        return WholeTransactionsMysqlConnector.class;
    }

    @Override
    public Map<String, String> configuration() {
        return DebeziumMysql.configuration(settings, "no_data");
    }

    @Override
    public Map<String, String> firstConfiguration() {
        return DebeziumMysql.configuration(settings, "recovery");
    }

    @Override
    public List<TableName> captured() {
        return CapturedTables.of(settings.requireTables());
    }

    @Override
    public String tableIncludeEntry(TableName table) {
        return DebeziumMysql.tableIncludeEntry(settings, table);
    }

    @Override
    public TableAddition addition(List<TableName> added) {
        try {
            return new MysqlTableAddition(settings, added);
        } catch (SQLException e) {
            throw unchecked(e);
        }
    }

    @Override
    public List<String> moreTopics() {
        return List.of(DebeziumMysql.historyTopic(settings));
    }

    @Override
    public void checkTables() {
        Database source = settings.source();
        TopicNames.check(captured(), table -> settings.phase().tableTopic(source, table));
        try (Connection connection = source.open()) {
            CapturedTablesCheck.check(source.catalog(), settings.tables());
            boolean zeroDatesAreNull = source.url().zeroDatesAreNull();
            List<MysqlProblem> problems = new ArrayList<>(MysqlServerCheck.problems(connection, zeroDatesAreNull));
            problems.addAll(
                    MysqlTablesCheck.problems(connection, source.catalog(), settings.tables(), zeroDatesAreNull));
            MysqlProblem.refuseIfAny(problems);
        } catch (SQLException e) {
            throw unchecked(e);
        }
    }

    @Override
    public void check(boolean connectorExists) {
        checkTables();
        try (Connection connection = settings.source().open()) {
            checkLedger(connection);
            if (!connectorExists) {
                checkStart(connection);
                if (settings.reuseTopics()) {
                    checkNothingBetween(connection);
                }
            }
        } catch (SQLException e) {
            throw unchecked(e);
        }
    }

    private static void checkLedger(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement
                    .executeQuery("SELECT 1 FROM " + LedgerSchema.WATERMARK + " LIMIT 0")
                    .close();
        } catch (SQLException e) {
            if (e.getErrorCode() == 1146 || e.getErrorCode() == 1049) {
                throw new RefusedException(
                        "the source has no table " + LedgerSchema.WATERMARK, "prepare the source first");
            }
            throw e;
        }
    }

    /** Whether the server still has everything behind the place. */
    private void checkStart(Connection connection) throws SQLException {
        String start = start();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT gtid_subtract(@@global.gtid_purged, ?), gtid_subset(?, @@global.gtid_executed)")) {
            statement.setString(1, start);
            statement.setString(2, start);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String missing = row.getString(1).replaceAll("\\s", "");
                if (!missing.isEmpty()) {
                    throw new RefusedException(
                            "the source has purged transactions from its binary log that the load has not seen: "
                                    + missing,
                            "SET PERSIST binlog_expire_logs_seconds = 604800; on the source, then load the phase again");
                }
                if (!row.getBoolean(2)) {
                    throw new RefusedException(
                            "the source has not executed all transactions of the load's GTID set " + start
                                    + ": it is another server, or one that was set back",
                            "connect to the server that was loaded from, or load the phase again");
                }
            }
        } catch (SQLException e) {
            if (e.getErrorCode() == 1772 || e.getErrorCode() == 3000) {
                throw new RefusedException(
                        "\"" + start + "\" is no GTID set: " + e.getMessage(), "give the cdc_cursor of the load", e);
            }
            throw e;
        }
    }

    /**
     * No slot tells where the connector before this one stood. What it has sent last is in the transaction topic: a set that was taken
     * before, as that of the phase's load was, does not contain it; one that contains it may contain what was never sent.
     */
    private void checkNothingBetween(Connection connection) throws SQLException {
        String topic = settings.phase().transactionTopic();
        try (Topics topics = Topics.on(settings.bootstrapServers(), settings.clientSettings())) {
            if (topics.used(List.of(topic)).isEmpty()) {
                return;
            }
        }
        String sent = LastTransaction.of(settings)
                .map(LastTransaction::gtid)
                .orElseThrow(() -> new RefusedException(
                        "topic " + topic + " has lost its messages, so nobody knows what the connector before has sent",
                        "load the phase again"));
        if (contains(connection, start(), sent)) {
            throw new RefusedException(
                    "the GTID set " + start() + " contains " + sent
                            + ", which is the last transaction that a connector has sent to the topics of this phase: what was committed"
                            + " between the two would be lost",
                    "give the cdc_cursor of the load of the whole phase, from which everything is sent once more. To add tables,"
                            + " leave the connector where it is and deploy with --add-tables");
        }
    }

    static boolean contains(Connection connection, String set, String part) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT gtid_subset(?, ?)")) {
            statement.setString(1, part);
            statement.setString(2, set);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private String start() {
        return settings.start()
                .orElseThrow(() -> new RefusedException(
                        "no GTID set is given, at which replication begins",
                        "give --cursor with the cdc_cursor of the load"));
    }

    private RefusedException unchecked(SQLException e) {
        return new RefusedException(
                "the " + settings.source() + " cannot be checked: " + e.getMessage(),
                "mend the cause that the server names, then try again",
                e);
    }

    /** Debezium checks nothing of an offset; it wants a file, although the set alone decides. */
    @Override
    public void place(ConnectClient connect, boolean isNew) {
        if (!isNew && !connect.offsets(settings.phase().domain()).isEmpty()) {
            return; // else it was created by an attempt that ended before it came here
        }
        ObjectNode partition =
                JSON.createObjectNode().put("server", settings.phase().topicPrefix());
        ObjectNode offset =
                JSON.createObjectNode().put("file", anyFile()).put("pos", 4).put("gtids", start());
        connect.patchOffset(settings.phase().domain(), partition, offset);
    }

    private String anyFile() {
        try (Connection connection = settings.source().open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW BINARY LOGS")) {
            if (row.next()) {
                return row.getString(1);
            }
            throw new RefusedException("the source has no binary log", "set log_bin in my.cnf and restart the server");
        } catch (SQLException e) {
            throw unchecked(e);
        }
    }

    /** Every set that Debezium stores from now on is the load's, and what came behind it. */
    @Override
    public void requirePlace(ConnectClient connect) {
        if (settings.start().isEmpty()) {
            return;
        }
        List<JsonNode> offsets = connect.offsets(settings.phase().domain());
        String stored = offsets.isEmpty()
                ? ""
                : offsets.get(0).path("offset").path("gtids").asText("");
        try (Connection connection = settings.source().open()) {
            if (!contains(connection, stored, start())) {
                throw new ConnectorFailedException(
                        "the connector " + settings.phase().domain()
                                + " has not begun at the load's GTID set: it stands at " + stored + ", the load at "
                                + start(),
                        "remove it with godwit connectors delete --topics, then deploy it again");
            }
        } catch (SQLException e) {
            throw unchecked(e);
        }
    }

    /** Where the connector would go on: behind everything that it has sent. */
    @Override
    public Optional<StoredPlace> storedPlace(JsonNode offset) {
        return offset.path("file").isTextual() && offset.path("pos").isIntegralNumber()
                ? Optional.of(new StoredPlace(
                        offset.path("file").asText() + ":" + offset.path("pos").asLong(),
                        Instant.ofEpochSecond(offset.path("ts_sec").asLong())))
                : Optional.empty();
    }

    /** MySQL has no slots. What can be seen is whether somebody with the user's name reads the binary log. */
    @Override
    public Optional<SlotStatus> reading() throws SQLException {
        try (Connection connection = settings.source().open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT id, user FROM information_schema.processlist" + " WHERE command LIKE 'Binlog Dump%'")) {
            boolean read = row.next();
            Optional<String> holder = read ? Optional.of("thread " + row.getString(1)) : Optional.empty();
            return Optional.of(new SlotStatus(
                    "binary log", "binlog", settings.source().url().database(), read, holder, "", 0, "reserved"));
        }
    }
}
