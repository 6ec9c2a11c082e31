package dev.godwit.database.dialect;

import java.sql.SQLException;
import java.util.Set;

/** Classifies by MySQL's own error numbers, since many of its failures share one SQLSTATE (MySQL Server Error Message Reference). */
final class MysqlFailures {
    /** Deadlock, lock wait timeout, NOWAIT, the table's definition has changed. */
    private static final Set<Integer> RETRY_NOW = Set.of(1213, 1205, 3572, 1412);
    /** Duplicate keys; a parent that is missing, a child that is still there. */
    private static final Set<Integer> CONSTRAINT = Set.of(1062, 1586, 1169, 1451, 1452, 1216, 1217, 1761, 1762);
    /** Too many connections, shutting down, killed, gone, made read-only by a fail-over. */
    private static final Set<Integer> CONNECTION = Set.of(
            1040, 1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1184, 1203, 1927, 2006, 2013, 4031, 1290, 1836);
    /** Too long, out of range, not of the character set, NULL, no value, a check, no JSON, a packet that is too large. */
    private static final Set<Integer> BAD_ROW =
            Set.of(1406, 1264, 1265, 1366, 1292, 1048, 1364, 3819, 3140, 3141, 3143, 1411, 1153, 1301, 1690);

    private MysqlFailures() {}

    static FailureClass classify(SQLException failure) {
        return SqlStates.classify(failure, MysqlFailures::classifyAlone);
    }

    private static FailureClass classifyAlone(SQLException failure) {
        int number = failure.getErrorCode();
        if (RETRY_NOW.contains(number)) {
            return FailureClass.RETRY_NOW;
        }
        if (CONSTRAINT.contains(number)) {
            return FailureClass.RETRY_AFTER_EARLIER;
        }
        if (CONNECTION.contains(number)) {
            return FailureClass.RECONNECT;
        }
        return BAD_ROW.contains(number) ? FailureClass.BAD_ROW : SqlStates.classifyAlone(failure);
    }
}
