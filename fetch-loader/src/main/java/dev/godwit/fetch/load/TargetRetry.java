package dev.godwit.fetch.load;

import dev.godwit.database.Database;
import dev.godwit.database.dialect.FailureClass;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;

/** Whether a transaction of the target that was refused may be tried again as it is: a serialization failure (40001), which CockroachDB may answer at any commit, or a deadlock. */
final class TargetRetry {
    private static final int ATTEMPTS_MAX = 6;
    private static final long PAUSE_MS = 50;

    private TargetRetry() {}

    /** Has rolled back and waited for a while if so. Of such a transaction nothing is in. */
    static boolean comesAgain(Database target, Connection connection, SQLException failure, int attempt) {
        if (attempt >= ATTEMPTS_MAX || target.dialect().classify(failure) != FailureClass.RETRY_NOW) {
            return false;
        }
        try {
            connection.rollback();
            long most = PAUSE_MS << attempt;
            Thread.sleep(most / 2 + ThreadLocalRandom.current().nextLong(most / 2));
            return true;
        } catch (SQLException e) {
            return false; // the refusal itself is what is told
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
