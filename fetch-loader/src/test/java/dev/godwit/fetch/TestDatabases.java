package dev.godwit.fetch;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A source and a target database of a test, on one server that all tests of the module share. The server ends with the JVM. Slots belong to the whole server, so each pair has its
 * own slot name.
 */
public final class TestDatabases {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final class Server {
        private static final PostgresServer SHARED = PostgresServer.start("fetch");
    }

    public final Database source;
    public final Database target;
    public final String slot;

    private TestDatabases(Database source, Database target, String slot) {
        this.source = source;
        this.target = target;
        this.slot = slot;
    }

    /** With a source of whatever product. */
    public static TestDatabases from(Database source) {
        int number = COUNT.incrementAndGet();
        return new TestDatabases(source, database("target", number), "load" + number);
    }

    private static Database database(String role, int number) {
        return Database.connect(role, Server.SHARED.createDatabase(role + number));
    }

    /** The same source with a target elsewhere. */
    public TestDatabases into(Database otherTarget) {
        return new TestDatabases(source, otherTarget, slot);
    }

    public static TestDatabases create() {
        int number = COUNT.incrementAndGet();
        TestDatabases databases =
                new TestDatabases(database("source", number), database("target", number), "load" + number);
        databases.dropSlotsOfEarlierTests();
        return databases;
    }

    /** Loads leave their slots, and a server has room for some tens. */
    private void dropSlotsOfEarlierTests() {
        try {
            onSource("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active AND"
                    + " CASE WHEN slot_name ~ '^load[0-9]+$' THEN substr(slot_name, 5)::int < "
                    + (Integer.parseInt(slot.substring("load".length())) - 5) + " ELSE false END");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void onBoth(String... statements) throws SQLException {
        onSource(statements);
        onTarget(statements);
    }

    /** With the statements run on both sides. */
    public static TestDatabases with(String... statements) throws SQLException {
        TestDatabases databases = create();
        for (String statement : statements) {
            databases.onSource(statement);
            databases.onTarget(statement);
        }
        return databases;
    }

    public void onSource(String... statements) throws SQLException {
        execute(source, statements);
    }

    public void onTarget(String... statements) throws SQLException {
        execute(target, statements);
    }

    static void execute(Database database, String... statements) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    public static List<String> rows(Database database, String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                StringBuilder text = new StringBuilder();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    text.append(i == 1 ? "" : "|").append(row.getString(i));
                }
                rows.add(text.toString());
            }
            return rows;
        }
    }

    public static String one(Database database, String sql) throws SQLException {
        return rows(database, sql).get(0);
    }

    TableSlice slice(String table, String filter) throws SQLException {
        TableName name = TableName.parse(table);
        Table found = source.catalog().table(name).orElseThrow();
        return new TableSlice(name, Optional.of(RowFilter.parse(filter, found)));
    }

    public static TableSlice all(String table) {
        return new TableSlice(TableName.parse(table), Optional.empty());
    }

    public FetchRequest.Builder request(TableSlice... slices) {
        return FetchRequest.builder(source, target)
                .slices(List.of(slices))
                .slotName(slot)
                .publicationName(slot);
    }

    public FetchResult load(TableSlice... slices) {
        return FetchJob.run(request(slices).build(), new FetchListener() {});
    }

    /** Slots, publications and ledger schemas that a load of this pair has left. */
    public List<String> traces() throws SQLException {
        List<String> traces = new ArrayList<>(captures());
        for (Database database : List.of(source, target)) {
            rows(database, "SELECT nspname FROM pg_namespace WHERE nspname = '_godwit'")
                    .forEach(schema -> traces.add(schema + " on the " + database.role()));
        }
        return traces;
    }

    /** Slots and publications that a load of this pair has left. */
    public List<String> captures() throws SQLException {
        if (source.product() == Product.MYSQL) {
            return List.of();
        }
        List<String> captures = new ArrayList<>();
        captures.addAll(rows(
                source, "SELECT 'slot ' || slot_name FROM pg_replication_slots WHERE database = current_database()"));
        captures.addAll(rows(source, "SELECT 'publication ' || pubname FROM pg_publication"));
        return captures;
    }
}
