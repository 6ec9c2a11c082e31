package dev.godwit.local.changefeed;

/** The feed met something that trying again does not mend; it stays where it is. */
public final class FeedFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FeedFailedException(String message) {
        super(message);
    }

    FeedFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
