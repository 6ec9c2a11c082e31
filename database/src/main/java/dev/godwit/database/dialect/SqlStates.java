package dev.godwit.database.dialect;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Classifies by SQLSTATE, for the products that use PostgreSQL's (CockroachDB does). */
final class SqlStates {
    private SqlStates() {}

    static FailureClass classify(SQLException failure) {
        for (String state : statesOf(failure)) {
            FailureClass found = classify(state);
            if (found != FailureClass.STOP) {
                return found;
            }
        }
        return FailureClass.STOP;
    }

    private static FailureClass classify(String state) {
        return switch (state) {
            case "40001", "40P01", "55P03", "CR000" -> FailureClass.RETRY_NOW;
            case "23503", "23505", "23P01" -> FailureClass.RETRY_AFTER_EARLIER;
            // 57P01..03: shutdown, crash recovery, starting up. 53300: too many connections. 40003: CockroachDB,
            // outcome unknown.
            case "57P01", "57P02", "57P03", "53300", "40003" -> FailureClass.RECONNECT;
            default -> byClass(state);
        };
    }

    private static FailureClass byClass(String state) {
        if (state.startsWith("08")) {
            return FailureClass.RECONNECT;
        }
        return state.startsWith("22") || state.startsWith("23") ? FailureClass.BAD_ROW : FailureClass.STOP;
    }

    private static List<String> statesOf(SQLException failure) {
        List<String> states = new ArrayList<>();
        for (SQLException next = failure; next != null; next = next.getNextException()) {
            for (Throwable cause = next; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                    states.add(sql.getSQLState());
                }
            }
        }
        return states;
    }
}
