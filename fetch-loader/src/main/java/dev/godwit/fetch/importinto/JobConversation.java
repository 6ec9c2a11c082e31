package dev.godwit.fetch.importinto;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** What is asked of CockroachDB about jobs. */
final class JobConversation {
    private JobConversation() {}

    /** Begins the import within the open transaction of the connection: the job exists if and when that commits. */
    static long begin(Connection connection, String importSql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(importSql)) {
            if (!row.next()) {
                throw new SQLException("IMPORT INTO was answered without the number of a job");
            }
            return row.getLong(1);
        }
    }

    /** Empty if the cluster has no such job (any more: it forgets ended ones after two weeks). */
    static Optional<JobState> state(Connection connection, long job) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT status, fraction_completed, error FROM [SHOW JOB " + job + "]")) {
            if (!row.next()) {
                return Optional.empty();
            }
            String error = row.getString(3);
            return Optional.of(new JobState(row.getString(1), row.getDouble(2), error == null ? "" : error));
        }
    }

    /** Asks for the end of the job; what it has written is taken back afterwards. */
    static void cancel(Connection connection, long job) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CANCEL JOB " + job);
        }
    }
}
