package dev.godwit.apply.ledger;

import dev.godwit.apply.change.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;

/**
 * What {@link Ledger} says to MySQL in other words. The epoch stands in a table of its own: a writer holds its row by a shared lock, which a new
 * owner has to wait for, and which the moving consistent point does not touch.
 */
final class MysqlLedger {
    /** A writer that is frozen in the middle of a transaction is cut off by the server after this time. */
    static final String IDLE_MAX = "SET SESSION wait_timeout = 20";

    /** To stand behind FROM, with the columns of {@code _godwit.domain} elsewhere. */
    static final String DOMAINS_WITH_EPOCH = "_godwit.domain JOIN _godwit.domain_epoch USING (domain)";

    private static final int COVERED_MAX = 1_000;

    private MysqlLedger() {}

    static boolean isMysql(Connection connection) throws SQLException {
        return connection.getMetaData().getURL().startsWith("jdbc:mysql:");
    }

    /** What the ledger holds, and the new epoch. */
    record Taken(long epoch, String consistentPoint, String restartOffsets) {}

    static Taken takeOver(Connection connection, String domain) throws SQLException {
        update(
                connection,
                "INSERT INTO _godwit.domain_epoch (domain, epoch) VALUES (?, 0) ON DUPLICATE KEY UPDATE epoch = epoch + 0",
                domain);
        update(connection, "UPDATE _godwit.domain_epoch SET epoch = epoch + 1 WHERE domain = ?", domain);
        update(
                connection,
                "INSERT INTO _godwit.domain (domain, restart_offsets, changed_at) VALUES (?, '{}', now(6))"
                        + " ON DUPLICATE KEY UPDATE changed_at = now(6)",
                domain);
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT e.epoch, d.consistent_point, d.restart_offsets FROM _godwit.domain_epoch e JOIN _godwit.domain d"
                        + " ON d.domain = e.domain WHERE e.domain = ? FOR UPDATE")) {
            select.setString(1, domain);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Taken(row.getLong(1), row.getString(2), row.getString(3));
            }
        }
    }

    /** Returns whether it still holds; then it does until the transaction ends. */
    static boolean holdsEpoch(Connection connection, String domain, long epoch) throws SQLException {
        Ledger.endWhenFrozen(connection);
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT epoch FROM _godwit.domain_epoch WHERE domain = ? AND epoch = ? FOR SHARE")) {
            select.setString(1, domain);
            select.setLong(2, epoch);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    static void advance(Connection connection, String domain, Progress progress, String restartOffsets)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE _godwit.domain SET consistent_point = ?, committed_at = ?, watermark = coalesce(?, watermark),"
                        + " restart_offsets = ?, changed_at = now(6) WHERE domain = ?")) {
            update.setString(1, progress.consistentPoint().toString());
            update.setObject(2, LocalDateTime.ofInstant(progress.committedAt(), ZoneOffset.UTC));
            update.setString(3, progress.marker());
            update.setString(4, restartOffsets);
            update.setString(5, domain);
            update.executeUpdate();
        }
    }

    static void deleteCovered(Connection connection, String domain, List<Position> covered) throws SQLException {
        for (int from = 0; from < covered.size(); from += COVERED_MAX) {
            List<Position> some = covered.subList(from, Math.min(covered.size(), from + COVERED_MAX));
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM _godwit.applied WHERE domain = ? AND last_position IN ("
                            + String.join(", ", Collections.nCopies(some.size(), "?")) + ")")) {
                delete.setString(1, domain);
                for (int i = 0; i < some.size(); i++) {
                    delete.setString(i + 2, some.get(i).toString());
                }
                delete.executeUpdate();
            }
        }
    }

    private static void update(Connection connection, String sql, String domain) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, domain);
            statement.executeUpdate();
        }
    }
}
