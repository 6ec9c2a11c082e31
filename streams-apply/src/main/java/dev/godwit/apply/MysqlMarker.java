package dev.godwit.apply;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The marker of a drain on MySQL, which returns nothing from an upsert: it is read again before the row's lock is given up. */
final class MysqlMarker {
    private MysqlMarker() {}

    static long write(Connection connection, String domain, long seen) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement upsert = connection.prepareStatement(
                        "INSERT INTO _godwit.watermark (domain, marker, written_at) VALUES (?,"
                                + " greatest(CAST(unix_timestamp(now(6)) * 1000000 AS SIGNED), ?), now(6)) AS new"
                                + " ON DUPLICATE KEY UPDATE marker = greatest(CAST(watermark.marker AS SIGNED) + 1,"
                                + " CAST(new.marker AS SIGNED)), written_at = new.written_at");
                PreparedStatement select =
                        connection.prepareStatement("SELECT marker FROM _godwit.watermark WHERE domain = ?")) {
            upsert.setString(1, domain);
            upsert.setLong(2, seen + 1);
            upsert.executeUpdate();
            select.setString(1, domain);
            long marker;
            try (ResultSet row = select.executeQuery()) {
                row.next();
                marker = Long.parseLong(row.getString(1));
            }
            connection.commit();
            return marker;
        }
    }
}
