package dev.godwit.apply.write;

import dev.godwit.apply.ApplyException;

/**
 * A unique or foreign key of the target refuses the batch. Nothing of it is written. It may be taken when everything
 * earlier is applied; each transaction should then be written by itself.
 */
public final class RefusedByConstraintException extends ApplyException {
    private static final long serialVersionUID = 1L;

    RefusedByConstraintException(String message, Throwable cause) {
        super(message, cause);
    }
}
