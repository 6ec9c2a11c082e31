package dev.godwit.fetch.session;

import java.sql.SQLException;

/** Why a load stops: what was being done, in words, and what the server said. */
public final class LoadBrokenException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;

    /** @param hint what the user can do about the cause; empty if the message says it all */
    public LoadBrokenException(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    public static LoadBrokenException of(String doing, SQLException failure) {
        return new LoadBrokenException(doing + ": " + SqlFailure.describe(failure), hint(failure), failure);
    }

    private static String hint(SQLException failure) {
        String state = SqlFailure.state(failure);
        return switch (state) {
            case "23505" -> "the target holds a row with that key which does not belong to this load; remove it";
            case "23503" ->
                "a foreign key of the target stands against it: load the parent rows first, widen the row filter, or drop the"
                        + " foreign key until all phases are through";
            case "55P03" ->
                "another session holds a lock on one of the tables (VACUUM, CREATE INDEX or ALTER TABLE, perhaps);"
                        + " let it end, then run it again";
            case "53300" -> "raise max_connections on that server, or lower the concurrency";
            case "53100" -> "make room on that server's disk";
            default -> {
                if (SqlFailure.isConnectionLost(failure)) {
                    yield "find out why that connection ended; a load cannot go on without it, because a new one would see other rows";
                }
                yield state.startsWith("22") || state.startsWith("23")
                        ? "make the target's columns and constraints take every value of the source"
                        : "mend the cause that the server names";
            }
        };
    }

    public String hint() {
        return hint;
    }
}
