package dev.godwit.connectors;

/** A connector or changefeed was set up and does not run. The message says why, in words; the remedy says what to do next. */
public class ConnectorFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    public ConnectorFailedException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
