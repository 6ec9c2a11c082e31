package dev.godwit.apply.write;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import java.util.Optional;

/**
 * The target does not take a row, also after everything earlier is in: a value that does not fit, a constraint. Nothing
 * of the batch is written. Trying again is of no use, but the other rows may be good.
 */
public final class BadRowException extends ApplyException {
    private static final long serialVersionUID = 1L;

    private final transient Change change;
    private final String sqlState;

    /**
     * @param change the row; null if it cannot be told
     * @param sqlState null if it was not the database that refused
     */
    public BadRowException(String message, Change change, String sqlState, Throwable cause) {
        super(message, cause);
        this.change = change;
        this.sqlState = sqlState;
    }

    public Optional<Change> change() {
        return Optional.ofNullable(change);
    }

    public Optional<String> sqlState() {
        return Optional.ofNullable(sqlState);
    }
}
