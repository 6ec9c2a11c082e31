package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig.Format;
import dev.godwit.apply.change.BinlogPosition;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Position;
import dev.godwit.database.Database;
import dev.godwit.database.Product;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Where the end of a replication source's log is now: whatever is written later stands behind it. */
final class SourcePosition {
    private static final String PG = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
            + " ELSE pg_current_wal_insert_lsn() END::text";
    /** PostgreSQL as the stand-in for CockroachDB: its feed has the times of commits. */
    private static final String PG_TIME = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8::text";

    private static final long NANOS_PER_MICRO = 1_000L;

    private SourcePosition() {}

    /** @throws SQLException also if the source does not tell it to this user (MySQL: REPLICATION CLIENT) */
    static Position now(Database source, Format format) throws SQLException {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            return switch (format) {
                case DEBEZIUM_POSTGRESQL -> Lsn.parse(text(statement, PG));
                case DEBEZIUM_MYSQL -> binlog(statement);
                case CHANGEFEED ->
                    source.product() == Product.COCKROACHDB
                            ? HybridTimestamp.parse(text(statement, "SELECT cluster_logical_timestamp()::STRING"))
                            : new HybridTimestamp(Long.parseLong(text(statement, PG_TIME)) * NANOS_PER_MICRO, 0);
            };
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** MySQL 8.4 has another name for the same. */
    private static Position binlog(Statement statement) throws SQLException {
        try {
            return binlog(statement, "SHOW MASTER STATUS");
        } catch (SQLException e) {
            try {
                return binlog(statement, "SHOW BINARY LOG STATUS");
            } catch (SQLException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    private static Position binlog(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            if (!row.next()) {
                throw new SQLException("the server writes no binary log");
            }
            return BinlogPosition.of(row.getString(1), row.getLong(2));
        }
    }
}
