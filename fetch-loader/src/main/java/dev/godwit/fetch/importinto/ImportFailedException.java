package dev.godwit.fetch.importinto;

/** An import that did not come to its end. What the table holds of it stands in the message. */
public final class ImportFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;
    private final boolean cancelledBefore;

    ImportFailedException(String message, String remedy, Throwable cause) {
        this(message, remedy, cause, false);
    }

    ImportFailedException(String message, String remedy, Throwable cause, boolean cancelledBefore) {
        super(message, cause);
        this.remedy = remedy;
        this.cancelledBefore = cancelledBefore;
    }

    /** What to do next. */
    public String remedy() {
        return remedy;
    }

    /** Whether the job was there already, as one of an earlier process, and somebody has cancelled it: the files may be imported anew. */
    public boolean cancelledBefore() {
        return cancelledBefore;
    }
}
