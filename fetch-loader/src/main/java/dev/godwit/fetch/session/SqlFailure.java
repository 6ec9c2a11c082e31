package dev.godwit.fetch.session;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Says in one line what a server answered, without the rows that PostgreSQL quotes in its context. */
public final class SqlFailure {
    private SqlFailure() {}

    public static String describe(SQLException failure) {
        String state = state(failure);
        String suffix = state.isEmpty() ? "" : " (SQLSTATE " + state + ")";
        ServerErrorMessage server = failure instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        if (server == null || server.getMessage() == null) {
            return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given") + suffix;
        }
        // Unique and foreign key violations: the detail is the key. Elsewhere it may be the whole row.
        boolean keyInDetail = state.equals("23503") || state.equals("23505");
        String detail = keyInDetail && server.getDetail() != null ? ": " + server.getDetail() : "";
        String column = server.getColumn() != null && !server.getMessage().contains(server.getColumn())
                ? ", column \"" + server.getColumn() + "\""
                : "";
        // CockroachDB names the constraint here only.
        String constraint =
                server.getConstraint() != null && !server.getMessage().contains(server.getConstraint())
                        ? ", constraint \"" + server.getConstraint() + "\""
                        : "";
        return server.getMessage() + detail + column + constraint + suffix;
    }

    public static String state(SQLException failure) {
        return failure.getSQLState() == null ? "" : failure.getSQLState();
    }

    public static boolean isConnectionLost(SQLException failure) {
        String state = state(failure);
        return state.startsWith("08") || state.startsWith("57P");
    }
}
