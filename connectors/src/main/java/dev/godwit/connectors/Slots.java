package dev.godwit.connectors;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Looks at replication slots. */
final class Slots {
    private static final String SQL =
            "SELECT s.plugin, s.database, s.active, s.confirmed_flush_lsn::text, s.wal_status,"
                    + " coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), s.confirmed_flush_lsn), 0)::bigint AS lag,"
                    + " 'process ' || s.active_pid || coalesce(' (' || nullif(a.application_name, '') || ')', '') AS holder"
                    + " FROM pg_catalog.pg_replication_slots s LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid"
                    + " WHERE s.slot_name = ?";

    private Slots() {}

    static Optional<SlotStatus> find(Connection connection, String slot) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, slot);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(new SlotStatus(
                        slot,
                        text(row, "plugin"),
                        text(row, "database"),
                        row.getBoolean("active"),
                        Optional.ofNullable(row.getString("holder")),
                        text(row, "confirmed_flush_lsn"),
                        row.getLong("lag"),
                        text(row, "wal_status")));
            }
        }
    }

    private static String text(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "" : text;
    }
}
