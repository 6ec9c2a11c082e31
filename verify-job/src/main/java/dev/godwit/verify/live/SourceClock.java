package dev.godwit.verify.live;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Tells where the log of a database stands. Writes nothing. */
public final class SourceClock {
    /**
     * Where WAL is inserted, not where it is written: a transaction that commits asynchronously can be seen before its commit record is written.
     */
    private static final String POSTGRES =
            "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END";

    private static final String COCKROACH = "SELECT cluster_logical_timestamp()::STRING";

    private SourceClock() {}

    /** Which kind of position {@link #now} gives. */
    public static LogPosition.Kind kind(Database database) {
        return switch (database.product()) {
            case COCKROACHDB -> LogPosition.Kind.HYBRID_TIMESTAMP;
            case MYSQL -> LogPosition.Kind.BINLOG;
            case POSTGRESQL, ORACLE -> LogPosition.Kind.LSN;
        };
    }

    /** A position at or after the commit of every transaction whose rows could be seen before this call. */
    public static LogPosition now(Database database) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            if (database.product() == Product.MYSQL) {
                return binlog(statement);
            }
            try (ResultSet row =
                    statement.executeQuery(database.product() == Product.COCKROACHDB ? COCKROACH : POSTGRES)) {
                row.next();
                return LogPosition.parse(row.getString(1));
            }
        }
    }

    /** A transaction is in the binary log before others can see it. MySQL 8.4 has another name for the same. */
    private static LogPosition binlog(Statement statement) throws SQLException {
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

    private static LogPosition binlog(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            if (!row.next()) {
                throw new SQLException("the server writes no binary log");
            }
            return LogPosition.parse(row.getString(1) + ":" + row.getLong(2));
        }
    }
}
