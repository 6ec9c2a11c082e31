package dev.godwit.fetch.snapshot;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.session.PinnedSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Keeps the snapshot of a load for whoever continues it: a session of the source that took the snapshot over, exported it again, locks the tables against changes of their structure,
 * and is busy with a loop on the server. PostgreSQL does not look whether the client of a busy session is still there, so the snapshot outlives a
 * killed loader, and its machine too. The loop ends by itself some time after the last connection of the load is gone, and drops the slot then: nobody
 * could continue from it, and it would keep the source's log until the disk is full.
 */
public final class SnapshotHold {
    /** {@code application_name} takes 63 bytes. */
    private static final String NAME = "godwit-fetch-hold ";

    private final Database source;
    private final String fetchId;
    private final String snapshotName;
    private final int pid;

    private SnapshotHold(Database source, String fetchId, String snapshotName, int pid) {
        this.source = source;
        this.fetchId = fetchId;
        this.snapshotName = snapshotName;
        this.pid = pid;
    }

    /**
     * @param exported a snapshot that somebody still exports
     * @param slot to drop when nobody comes; empty for none
     * @param keep how long after the last connection of the load is gone
     */
    public static SnapshotHold take(
            Database source,
            String fetchId,
            String exported,
            List<TableName> tables,
            Optional<String> slot,
            Duration keep)
            throws SQLException {
        Dialect dialect = source.dialect();
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", NAME + fetchId);
        // One message for the loop and what follows it: nobody will be there to send the second.
        properties.setProperty("preferQueryMode", "simple");
        Connection connection = PinnedSession.open(source, properties);
        try (Statement statement = connection.createStatement()) {
            // From PostgreSQL 14 on an administrator may have servers look for their clients.
            statement.execute("SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name ="
                    + " 'client_connection_check_interval'");
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            statement.execute("SET TRANSACTION SNAPSHOT " + dialect.literal(exported));
            statement.execute(TableLocks.sql(dialect, tables));
            int pid;
            String name;
            try (ResultSet row = statement.executeQuery("SELECT pg_export_snapshot(), pg_backend_pid()")) {
                row.next();
                name = row.getString(1);
                pid = row.getInt(2);
            }
            Thread thread =
                    new Thread(() -> loop(connection, loopSql(dialect, fetchId, slot, keep)), "godwit-fetch-hold");
            thread.setDaemon(true);
            thread.start();
            return new SnapshotHold(source, fetchId, name, pid);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static String loopSql(Dialect dialect, String fetchId, Optional<String> slot, Duration keep) {
        String drop = slot.map(
                        name -> "PERFORM pg_drop_replication_slot(slot_name) FROM pg_catalog.pg_replication_slots"
                                + " WHERE slot_name = " + dialect.literal(name) + " AND NOT active;")
                .orElse("");
        return "DO $godwit$ DECLARE seen timestamptz := clock_timestamp(); BEGIN LOOP PERFORM pg_sleep(0.5); IF "
                + LoadLock.alive(fetchId)
                + " THEN seen := clock_timestamp(); ELSIF clock_timestamp() - seen > interval '"
                + keep.toMillis() + " milliseconds' THEN " + drop + " RETURN; END IF; END LOOP; END $godwit$; ROLLBACK";
    }

    private static void loop(Connection connection, String sql) {
        try (connection;
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } catch (SQLException e) {
            // It was ended by whoever does not need it any more. If not, a continuation will be told that the snapshot
            // is gone.
        }
    }

    /** As long as the hold lives, {@code SET TRANSACTION SNAPSHOT} takes this. */
    public String snapshotName() {
        return snapshotName;
    }

    /** Ends all other holds of this load: this one has taken over. */
    public void endOthers() throws SQLException {
        end(source, fetchId, pid);
    }

    /** Ends every hold of the load, when nothing is left to be read from the source or the load is given up. */
    public static void endAll(Database source, String fetchId) throws SQLException {
        end(source, fetchId, 0);
    }

    private static void end(Database source, String fetchId, int butNot) throws SQLException {
        try (Connection connection = source.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE application_name = ? AND"
                                + " datname = current_database() AND pid <> ?")) {
            statement.setString(1, NAME + fetchId);
            statement.setInt(2, butNot);
            statement.execute();
        }
    }
}
