package dev.godwit.fetch.snapshot;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.session.PinnedSession;
import dev.godwit.fetch.session.SqlFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/**
 * The publication and the replication slot of one load, with the snapshot that the slot exports.
 *
 * <p>Order of calls: {@link #createPublication}, {@link #createSlot}, then {@link #releaseSnapshot} as soon as all readers have taken the snapshot over. Publication and slot
 * stay; {@link #drop} takes back what this object created, and nothing else. Only {@link #cancel} may be called from another thread.
 */
public final class Capture {
    private final FetchRequest request;
    private boolean publicationMayExist;
    private boolean slotMayExist;
    private String consistentPoint;
    private String snapshotName;
    private volatile Connection replication;

    public Capture(FetchRequest request) {
        this.request = request;
    }

    /** Must come before the slot: the decoder looks the publication up as of the moment of each change. */
    public void createPublication(List<TableName> tables) throws SQLException {
        Dialect dialect = request.source().dialect();
        String list = Stream.concat(tables.stream(), LedgerSchema.CAPTURED.stream())
                .map(dialect::quote)
                .collect(Collectors.joining(", "));
        try (Connection connection = PinnedSession.open(request.source());
                Statement statement = connection.createStatement()) {
            // A VACUUM or CREATE INDEX CONCURRENTLY of one of the tables would hold it up, for hours and in silence.
            statement.execute("SET lock_timeout = '30s'");
            boolean partitions = connection.getMetaData().getDatabaseMajorVersion() >= 13;
            publicationMayExist = true;
            statement.execute("CREATE PUBLICATION " + dialect.quote(request.publicationName()) + " FOR TABLE " + list
                    + (partitions ? " WITH (publish_via_partition_root = true)" : ""));
        } catch (SQLException e) {
            publicationMayExist &= !isDuplicate(e);
            throw e;
        }
    }

    /** Returns when the server has found a point from which on it can decode, for which it waits out all transactions that are open now. */
    public void createSlot() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("replication", "database");
        // Without these two the driver sends what a replication connection does not take.
        properties.setProperty("assumeMinServerVersion", "10");
        properties.setProperty("preferQueryMode", "simple");
        replication = request.source().open(properties);
        String option =
                replication.getMetaData().getDatabaseMajorVersion() >= 15 ? "(SNAPSHOT 'export')" : "EXPORT_SNAPSHOT";
        try (Statement statement = replication.createStatement()) {
            statement.setQueryTimeout((int) Math.max(1, request.slotWait().toSeconds()));
            slotMayExist = true;
            try (ResultSet row = statement.executeQuery("CREATE_REPLICATION_SLOT "
                    + request.source().dialect().quote(request.slotName()) + " LOGICAL pgoutput " + option)) {
                row.next();
                consistentPoint = row.getString("consistent_point");
                snapshotName = row.getString("snapshot_name");
            }
        } catch (SQLException e) {
            slotMayExist &= !isDuplicate(e);
            throw e;
        }
    }

    /** A snapshot without a slot: nothing can carry on from it, and nothing is created. */
    public void exportSnapshot() throws SQLException {
        consistentPoint = "";
        replication = PinnedSession.open(request.source());
        try (Statement statement = replication.createStatement()) {
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            try (ResultSet row = statement.executeQuery("SELECT pg_export_snapshot()")) {
                row.next();
                snapshotName = row.getString(1);
            }
        }
    }

    private static boolean isDuplicate(SQLException failure) {
        return SqlFailure.state(failure).equals("42710");
    }

    /** The position that the snapshot belongs to; empty without a slot. */
    public String consistentPoint() {
        return consistentPoint;
    }

    /** Can be imported until {@link #releaseSnapshot}. */
    public String snapshotName() {
        return snapshotName;
    }

    public void releaseSnapshot() throws SQLException {
        if (replication != null) {
            replication.close();
        }
    }

    /** Ends a waiting {@link #createSlot}. A server that waits does not see that its client is gone, so closing the connection would not do. */
    public void cancel() {
        Connection open = replication;
        if (open != null) {
            try {
                open.unwrap(PGConnection.class).cancelQuery();
            } catch (SQLException e) {
                // The connection is gone already, and with it what it did.
            }
        }
    }

    /** As the server calls it: {@code lost} if it cannot deliver any more. Null if there is no such slot. */
    public String slotState() throws SQLException {
        // By way of JSON, since before PostgreSQL 13 there was no such column.
        try (Connection connection = request.source().open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT coalesce(to_jsonb(s) ->> 'wal_status', 'unknown') FROM pg_replication_slots s"
                                + " WHERE slot_name = ?")) {
            statement.setString(1, request.slotName());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** Drops what was created. Does nothing the second time. */
    public void drop() throws SQLException {
        try {
            releaseSnapshot();
        } finally {
            try {
                if (slotMayExist) {
                    Leftovers.dropSlot(request.source(), request.slotName());
                    slotMayExist = false;
                }
            } finally {
                if (publicationMayExist) {
                    Leftovers.dropPublication(request.source(), request.publicationName());
                    publicationMayExist = false;
                }
            }
        }
    }

    /** The server process that creates the slot; 0 before there is one. */
    int backendPid() throws SQLException {
        Connection open = replication;
        return open == null ? 0 : open.unwrap(PGConnection.class).getBackendPID();
    }
}
