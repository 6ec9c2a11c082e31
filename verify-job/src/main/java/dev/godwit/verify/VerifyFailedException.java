package dev.godwit.verify;

import dev.godwit.database.RefusedException;

/** The comparison broke off: it can be told neither that the sides are equal nor that they differ. Nothing was written; it may run again. */
public final class VerifyFailedException extends RefusedException {
    private static final long serialVersionUID = 1L;

    VerifyFailedException(String message, String remedy) {
        super(message, remedy);
    }

    VerifyFailedException(String message, String remedy, Throwable cause) {
        super(message, remedy, cause);
    }
}
