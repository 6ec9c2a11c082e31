package dev.godwit.fetch.importinto;

/** An import that did not come to its end. What the table holds of it stands in the message. */
public final class ImportFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    ImportFailedException(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** What to do next. */
    public String remedy() {
        return remedy;
    }
}
