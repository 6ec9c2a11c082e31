package dev.godwit.database.dialect;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Function;

/** Classifies by SQLSTATE, for the products that use PostgreSQL's (CockroachDB does). */
final class SqlStates {
    private SqlStates() {}

    /** The first failure that says more than STOP decides: the outermost, then its cause, then the next one of a batch. */
    static FailureClass classify(SQLException failure) {
        return classify(failure, SqlStates::classifyAlone);
    }

    /** @param alone classifies one failure by itself */
    static FailureClass classify(SQLException failure, Function<SQLException, FailureClass> alone) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> open = new ArrayDeque<>();
        open.push(failure);
        while (!open.isEmpty()) {
            Throwable throwable = open.pop();
            if (!seen.add(throwable)) {
                continue;
            }
            if (throwable instanceof SQLException sql) {
                FailureClass found = alone.apply(sql);
                if (found != FailureClass.STOP) {
                    return found;
                }
                if (sql.getNextException() != null) {
                    open.push(sql.getNextException());
                }
            }
            if (throwable.getCause() != null) {
                open.push(throwable.getCause());
            }
        }
        return FailureClass.STOP;
    }

    static FailureClass classifyAlone(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null) {
            // What a pool throws when it got no connection in time.
            return failure instanceof SQLTransientConnectionException ? FailureClass.RECONNECT : FailureClass.STOP;
        }
        return switch (state) {
            case "40001", "40P01", "55P03", "CR000" -> FailureClass.RETRY_NOW;
            // 23001: a row that ON DELETE RESTRICT still holds.
            case "23001", "23503", "23505", "23P01" -> FailureClass.RETRY_AFTER_EARLIER;
            // 57P01..03: shutdown, crash recovery, starting up. 25P03, 57P05: idle for too long. 53300: too many
            // connections.
            // 40003: CockroachDB, outcome unknown.
            case "57P01", "57P02", "57P03", "25P03", "57P05", "53300", "40003" -> FailureClass.RECONNECT;
            default -> byClass(state);
        };
    }

    private static FailureClass byClass(String state) {
        if (state.startsWith("08")) {
            return FailureClass.RECONNECT;
        }
        return state.startsWith("22") || state.startsWith("23") ? FailureClass.BAD_ROW : FailureClass.STOP;
    }
}
