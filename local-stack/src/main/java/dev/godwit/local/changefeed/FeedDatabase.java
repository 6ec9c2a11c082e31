package dev.godwit.local.changefeed;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.postgresql.replication.LogSequenceNumber;

/** What a feed needs in the database: a publication of the watched tables, whole old rows in the log, and a replication slot. */
final class FeedDatabase {
    private final Database database;
    private final Set<TableName> tables;
    private final String name;

    FeedDatabase(Database database, List<TableName> tables, String topicPrefix) {
        this.database = database;
        this.tables = new TreeSet<>(tables);
        this.name = FeedNames.slotAndPublication(database.url().database(), topicPrefix);
    }

    Database database() {
        return database;
    }

    Set<TableName> tables() {
        return tables;
    }

    /** Of the slot and of the publication. */
    String name() {
        return name;
    }

    /** @throws RefusedException if a feed over these tables cannot be; nothing is written */
    void check() throws SQLException {
        if (database.product() != Product.POSTGRESQL) {
            throw new RefusedException(
                    "the changefeed stand-in reads PostgreSQL, and " + database + " is " + database.product(),
                    "let it make a changefeed of its own");
        }
        if (tables.isEmpty()) {
            throw new RefusedException("the changefeed has no tables", "name at least one");
        }
        try (Connection connection = database.open()) {
            String level = text(connection, "SHOW wal_level");
            if (!"logical".equals(level)) {
                throw new RefusedException(
                        "wal_level of " + database + " is " + level, "set wal_level = logical and restart the server");
            }
            for (TableName table : tables) {
                check(connection, table);
            }
        }
    }

    private void check(Connection connection, TableName table) throws SQLException {
        String sql =
                "SELECT c.relkind::text, EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)"
                        + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next() || !row.getString(1).equals("r")) {
                    throw new RefusedException(
                            "table " + table + " of the changefeed is not an ordinary table of " + database,
                            "create it first, or leave it out");
                }
                if (!row.getBoolean(2)) {
                    throw new RefusedException(
                            "table " + table + " has no primary key", "add one, or leave the table out");
                }
            }
        }
    }

    /** Where the feed was left, or a new feed from now on. @throws RefusedException if something of a former feed is in the way */
    FeedState prepare(Path stateDirectory) throws SQLException, IOException {
        FeedState.Phase phase = FeedState.phase(stateDirectory);
        try (Connection connection = database.open()) {
            boolean slot = exists(connection, "SELECT FROM pg_replication_slots WHERE slot_name = '" + name + "'");
            if (phase == FeedState.Phase.READY) {
                requireUnchanged(connection, slot);
                return FeedState.read(stateDirectory).orElseThrow();
            }
            boolean publication = exists(connection, "SELECT FROM pg_publication WHERE pubname = '" + name + "'");
            if (phase == FeedState.Phase.ABSENT && (slot || publication)) {
                throw new RefusedException(
                        "the changefeed " + name + " exists in " + database + ", but its state is not in "
                                + stateDirectory,
                        "name the directory that it used before, or drop it: SELECT pg_drop_replication_slot('" + name
                                + "'); DROP PUBLICATION " + name);
            }
            FeedState.beginCreating(stateDirectory);
            if (slot || publication) {
                drop(connection); // a start that was interrupted before anything was sent
            }
            FeedState state = create(connection);
            state.write(stateDirectory);
            return state;
        }
    }

    private void requireUnchanged(Connection connection, boolean slot) throws SQLException {
        if (!slot) {
            throw new RefusedException(
                    "the replication slot " + name + " of the changefeed is gone from " + database
                            + ": changes since it was lost cannot be sent",
                    "start a new changefeed with an empty state directory, after a new load");
        }
        Set<TableName> published = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = '" + name + "'")) {
            while (row.next()) {
                published.add(new TableName(row.getString(1), row.getString(2)));
            }
        }
        if (!published.equals(tables)) {
            throw new RefusedException(
                    "the changefeed " + name + " watches " + published + ", not " + tables,
                    "drop it first, or ask for the same tables");
        }
    }

    private FeedState create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // A table that somebody holds for long must not stop all its other users behind this ALTER.
            statement.execute("SET lock_timeout = '10s'");
            for (TableName table : tables) {
                String quoted = database.dialect().quote(table);
                if (!exists(
                        connection,
                        "SELECT FROM pg_class WHERE oid = '" + quoted.replace("'", "''")
                                + "'::regclass AND relreplident = 'f'")) {
                    statement.execute("ALTER TABLE " + quoted + " REPLICA IDENTITY FULL");
                }
            }
            String list = tables.stream().map(database.dialect()::quote).collect(Collectors.joining(", "));
            statement.execute("CREATE PUBLICATION " + name + " FOR TABLE " + list);
            // Waits for the transactions that are open now: they are in the log before the slot.
            String position =
                    text(connection, "SELECT lsn FROM pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
            long micros = Long.parseLong(
                    text(connection, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"));
            return new FeedState(LogSequenceNumber.valueOf(position), new HlcTimestamp(micros * 1000, 0));
        }
    }

    /** Removes slot and publication, if they are there. */
    void drop() throws SQLException {
        try (Connection connection = database.open()) {
            drop(connection);
        }
    }

    private void drop(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // The server notices a moment later than we that a connection is closed, and holds the slot until then.
            statement.execute(
                    "SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots WHERE slot_name = '"
                            + name + "' AND active_pid IS NOT NULL");
            statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                    + name + "'");
            statement.execute("DROP PUBLICATION IF EXISTS " + name);
        }
    }

    private static boolean exists(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next();
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
