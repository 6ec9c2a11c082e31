package dev.godwit.phase.log;

import dev.godwit.database.Database;
import dev.godwit.database.dialect.FailureClass;
import java.sql.Connection;
import java.sql.SQLException;

/** Runs small transactions on the ledger, again if they lost a conflict. */
final class LedgerTransaction {
    private static final int TRIES_MAX = 20;

    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    private LedgerTransaction() {}

    /** The work must bear being run again: a try that failed has left nothing, except where the connection broke during commit. */
    static <T> T run(Database database, Work<T> work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = database.open()) {
                connection.setAutoCommit(false);
                T result = work.in(connection);
                connection.commit();
                return result;
            } catch (SQLException e) {
                FailureClass failure = database.dialect().classify(e);
                // A unique violation: two runners insert the same row at the same moment; the second try finds the row.
                boolean again = failure == FailureClass.RETRY_NOW || "23505".equals(e.getSQLState());
                if (!again || attempt == TRIES_MAX) {
                    throw e;
                }
            }
        }
    }
}
