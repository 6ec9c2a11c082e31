package dev.godwit.apply.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.apply.ApplyConfig.Limits;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.assemble.DebeziumAssembler;
import dev.godwit.apply.assemble.RestartOffsets;
import dev.godwit.apply.assemble.Slicer;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.schedule.LaneScheduler;
import dev.godwit.apply.schedule.Lanes;
import dev.godwit.apply.spill.SpillSpace;
import dev.godwit.apply.write.MemoryRows;
import dev.godwit.apply.write.Retries;
import dev.godwit.apply.write.SqlTarget;
import dev.godwit.apply.write.TargetServer;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The histories of the simulation with real lanes in real threads, on a real database with real keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LanesOnDatabaseContract {
    private final Function<String, TargetServer> servers;
    private TargetServer server;

    @TempDir
    private Path directory;

    LanesOnDatabaseContract(Function<String, TargetServer> servers) {
        this.servers = servers;
    }

    @BeforeAll
    void startServer() {
        server = servers.apply("lanes");
    }

    @AfterAll
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void theResultIsThatOfSerialOrder(int seed) throws SQLException {
        Random random = new Random(seed);
        History history = new History(random, 600, number -> new Lsn(number * 100), false);
        Topics topics = DebeziumFeed.write(history, random);
        Database database = server.newDatabase();
        createTables(database, history.schema());
        Position end =
                history.transactions().get(history.transactions().size() - 1).position();

        Map<TableName, Layout> layouts = new HashMap<>();
        database.catalog().tables().forEach((name, table) -> layouts.put(name, new Layout(table)));
        ApplyStatistics statistics = new ApplyStatistics();
        try (SqlTarget target = new SqlTarget(
                database,
                "m-p-forward",
                database.catalog(),
                history.slices(),
                4,
                new Retries(Duration.ofSeconds(60)))) {
            DomainState state = target.takeOver();
            RestartOffsets offsets = new RestartOffsets(state.restartOffsets());
            Limits limits = new Limits(20, 1 << 20, 100_000, 1 << 30, Duration.ofSeconds(60), Duration.ofSeconds(6))
                    .withLanes(4);
            Lanes lanes = new Lanes(
                    target,
                    state,
                    offsets,
                    history.schema().writeSets(history.slices().keySet(), limits.batchRowsMax()),
                    limits,
                    statistics);
            try (LaneScheduler scheduler = new LaneScheduler("seed " + seed, lanes, progress -> {})) {
                SpillSpace space = new SpillSpace(directory.resolve("spill"), Long.MAX_VALUE);
                read(
                        topics,
                        random,
                        new DebeziumAssembler(new Slicer(history.slices()), offsets, space, state, scheduler),
                        layouts);
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> scheduler.failure() != null
                                || statistics
                                        .progress()
                                        .filter(progress ->
                                                progress.consistentPoint().equals(end))
                                        .isPresent());
                assertThat(scheduler.failure()).as("seed %d", seed).isNull();
            }
        }
        assertThat(rows(database, history)).as("seed %d", seed).isEqualTo(history.contentAtEnd());
    }

    private static void read(Topics topics, Random random, DebeziumAssembler assembler, Map<TableName, Layout> tables) {
        Map<TopicPartition, Integer> next = new HashMap<>();
        List<TopicPartition> open = new ArrayList<>(topics.partitions());
        while (!open.isEmpty()) {
            TopicPartition partition = open.get(random.nextInt(open.size()));
            int offset = next.merge(partition, 1, Integer::sum) - 1;
            if (offset == topics.log(partition).size()) {
                open.remove(partition);
            } else {
                assembler.accept(
                        new Origin(partition, offset),
                        onTables(topics.log(partition).get(offset), tables));
            }
        }
    }

    /** The tables of a history know nothing of the database's own types. */
    private static Event onTables(Event event, Map<TableName, Layout> tables) {
        if (!(event instanceof Event.TransactionRow row) || row.change() == null) {
            return event;
        }
        Change change = row.change();
        Layout layout = tables.get(change.table().name());
        return new Event.TransactionRow(
                row.transactionId(),
                row.collection(),
                row.totalOrder(),
                row.position(),
                row.meaning(),
                new Change(
                        layout.table(),
                        change.operation(),
                        change.key(),
                        onTable(change.before(), layout),
                        onTable(change.after(), layout),
                        change.movedFrom(),
                        change.origin()),
                row.marker());
    }

    private static Row onTable(Row row, Layout layout) {
        if (row == null) {
            return null;
        }
        if (row.isNone()) {
            return Row.none(layout);
        }
        Row same = new Row(layout);
        for (int i = 0; i < layout.table().columns().size(); i++) {
            if (row.isSent(i)) {
                same.set(i, row.value(i));
            } else if (row.isYounger(i)) {
                same.setYounger(i);
            }
        }
        return same;
    }

    private static void createTables(Database database, RandomSchema schema) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            for (Table table : schema.tables()) {
                statement.execute("CREATE TABLE " + table
                        + " (id varchar(40) PRIMARY KEY, r varchar(40), v text, big text, u varchar(40)"
                        + (table.uniqueKeys().isEmpty() ? "" : " UNIQUE")
                        + ", p varchar(40), late varchar(40) DEFAULT '" + MemoryRows.LATE_DEFAULT + "')");
            }
            for (ForeignKey key : schema.catalog().foreignKeys()) {
                statement.execute("ALTER TABLE " + key.child() + " ADD CONSTRAINT " + key.name()
                        + " FOREIGN KEY (p) REFERENCES " + key.parent() + " (id)"
                        + (key.changesChildren() ? " ON DELETE CASCADE" : ""));
            }
        }
    }

    private static Map<TableName, Map<String, String>> rows(Database database, History history) throws SQLException {
        Map<TableName, Map<String, String>> rows = new TreeMap<>();
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            for (Table table : history.schema().tables()) {
                try (ResultSet row =
                        statement.executeQuery("SELECT concat('(', id, ')'), concat(coalesce(r, 'null'), '|',"
                                + " coalesce(v, 'null'), '|', coalesce(big, 'null'), '|', coalesce(u, 'null'), '|',"
                                + " coalesce(p, 'null'), '|', late, '|') FROM " + table)) {
                    while (row.next()) {
                        rows.computeIfAbsent(table.name(), name -> new HashMap<>())
                                .put(row.getString(1), row.getString(2));
                    }
                }
            }
        }
        return rows;
    }
}
