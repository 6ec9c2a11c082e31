package dev.godwit.database;

/**
 * Bad input, found before anything was written: a wrong URL, a missing privilege, tables that do not fit each other.
 *
 * <p>The message says what was found and where; the remedy says what to do next. The command line prints both without a
 * stack trace and exits with code 2. Neither may ever hold a password.
 */
public class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    /** @param remedy one sentence in the imperative, or the statement that mends it */
    public RefusedException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /** @param cause for a debugger; the command line does not print it */
    public RefusedException(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** What to do next. */
    public String remedy() {
        return remedy;
    }
}
