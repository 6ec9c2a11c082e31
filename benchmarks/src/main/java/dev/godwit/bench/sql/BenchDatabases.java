package dev.godwit.bench.sql;

import dev.godwit.bench.workload.BenchTable;
import dev.godwit.bench.workload.History;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The databases of a benchmark, all on one server, so that every contestant has the same settings. */
public final class BenchDatabases implements AutoCloseable {
    private final PostgresServer server;

    private BenchDatabases(PostgresServer server) {
        this.server = server;
    }

    /** @param fsync whether commits wait for the disk */
    public static BenchDatabases start(boolean fsync) {
        return new BenchDatabases(PostgresServer.start("bench", settings(fsync)));
    }

    /** What differs from PostgreSQL's defaults and matters for speed. */
    public static Map<String, String> settings(boolean fsync) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("fsync", fsync ? "on" : "off");
        settings.put("full_page_writes", fsync ? "on" : "off");
        settings.put("wal_level", "logical");
        settings.put("shared_buffers", "512MB");
        settings.put("max_wal_size", "8GB");
        settings.put("checkpoint_timeout", "30min");
        return settings;
    }

    public DatabaseUrl url(String database) {
        return server.url(database);
    }

    /** The process id of the server. */
    public long pid() {
        return server.pid();
    }

    /**
     * Makes a database with the rows that the history has at the moment.
     *
     * @param foreignKeys whether to make them
     */
    public void create(String database, History history, boolean foreignKeys) throws SQLException {
        server.createDatabase(database);
        try (Connection connection = open(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + BenchTable.SCHEMA);
            for (BenchTable table : history.tables()) {
                statement.execute(table.createStatement());
            }
            RowCopy.load(connection, history);
            for (BenchTable table : history.tables()) {
                for (String index : table.indexes()) {
                    statement.execute(index);
                }
            }
            for (BenchTable table : foreignKeys ? history.tables() : List.<BenchTable>of()) {
                for (String constraint : table.constraints()) {
                    statement.execute("ALTER TABLE " + table.qualifiedName() + " ADD " + constraint);
                }
            }
            if (!foreignKeys) {
                // For Debezium's sink, which hands over as text what Debezium sends as text: decimals too.
                statement.execute("CREATE CAST (text AS numeric) WITH INOUT AS ASSIGNMENT");
            }
            statement.execute("VACUUM ANALYZE");
        }
    }

    /** Makes a database without tables. */
    public void create(String database) {
        server.createDatabase(database);
    }

    /** A copy of a database that nobody is connected to; then a checkpoint, so that every run begins alike. */
    public void copy(String template, String database) throws SQLException {
        try (Connection connection = open(PostgresServer.USER);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE \"" + database + "\" TEMPLATE \"" + template + "\"");
            statement.execute("CHECKPOINT");
        }
    }

    public void drop(String database) throws SQLException {
        try (Connection connection = open(PostgresServer.USER);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE \"" + database + "\" WITH (FORCE)");
        }
    }

    /** In auto-commit mode. The caller closes it. */
    public Connection open(String database) throws SQLException {
        DatabaseUrl url = url(database);
        return DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
    }

    @Override
    public void close() {
        server.close();
    }
}
