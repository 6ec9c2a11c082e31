package dev.godwit.fetch;

/**
 * A load that broke off after it had begun. The message names the table and what happened, the remedy says what to do next, and which rows may be on the target
 * now. Publication and slot of the load are gone unless the remedy says otherwise.
 */
public final class FetchFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    public FetchFailedException(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
