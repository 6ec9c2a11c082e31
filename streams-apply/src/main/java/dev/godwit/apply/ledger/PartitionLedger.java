package dev.godwit.apply.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * The ledger of a domain that is one partition: its row in {@code _godwit.applied} is written again by every target
 * transaction. It says which records are in, and by it the opposite direction knows the transaction for Godwit's. Works in the
 * transaction of the connection it is given, and commits nothing. Thread-safe.
 */
public final class PartitionLedger {
    /** Stands where other domains have the position of a source transaction. */
    static final String ROW = "partition";

    private final String domain;

    public PartitionLedger(String domain) {
        this.domain = domain;
    }

    /**
     * What a target transaction notes beside its rows.
     *
     * @param step its consistent point may be null: then the one before stays
     * @param records which records are in, as text; every transaction has another one
     */
    public record Entry(Progress step, String records) {}

    /** What the last target transaction has noted; null if there was none. */
    public String records(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT positions FROM _godwit.applied WHERE domain = ? AND last_position = ?")) {
            select.setString(1, domain);
            select.setString(2, ROW);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /**
     * Notes that this target transaction writes so many rows, and how far the domain is with it.
     *
     * @throws FencedException if a new owner has raised the epoch
     */
    public void record(Connection connection, long epoch, Entry entry, long rows) throws SQLException {
        boolean mysql = Ledger.isMysql(connection);
        try (PreparedStatement upsert = connection.prepareStatement(
                "INSERT INTO _godwit.applied (domain, last_position, positions, transactions, rows_written)"
                        + " VALUES (?, ?, ?, 1, ?)"
                        + (mysql
                                ? " AS new ON DUPLICATE KEY UPDATE positions = new.positions,"
                                        + " rows_written = new.rows_written"
                                : " ON CONFLICT (domain, last_position) DO UPDATE SET positions = excluded.positions,"
                                        + " rows_written = excluded.rows_written"))) {
            upsert.setString(1, domain);
            upsert.setString(2, ROW);
            upsert.setString(3, entry.records());
            upsert.setLong(4, rows);
            upsert.executeUpdate();
        }
        advance(connection, epoch, entry.step(), mysql);
    }

    private void advance(Connection connection, long epoch, Progress step, boolean mysql) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE _godwit.domain SET consistent_point ="
                + " coalesce(?, consistent_point), committed_at = coalesce(?, committed_at),"
                + " watermark = coalesce(?, watermark), restart_offsets = ?, changed_at = "
                + (mysql ? "now(6) WHERE domain = ?" : "now() WHERE domain = ? AND epoch = ?"))) {
            update.setString(
                    1,
                    step.consistentPoint() == null
                            ? null
                            : step.consistentPoint().toString());
            Instant committedAt = step.committedAt();
            if (mysql) {
                update.setObject(2, committedAt == null ? null : LocalDateTime.ofInstant(committedAt, ZoneOffset.UTC));
            } else {
                update.setObject(
                        2,
                        committedAt == null ? null : OffsetDateTime.ofInstant(committedAt, ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE);
            }
            update.setString(3, step.marker());
            update.setString(4, Ledger.text(step.restartOffsets()));
            update.setString(5, domain);
            if (!mysql) {
                update.setLong(6, epoch);
            }
            if (update.executeUpdate() != 1) {
                throw new FencedException(domain, epoch);
            }
        }
    }
}
