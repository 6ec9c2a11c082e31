package dev.godwit.apply;

/**
 * The applier cannot go on without losing, repeating or changing something, so it stops. The message names the
 * place (topic, partition, offset, table, key as far as known) and what to do.
 */
public class ApplyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ApplyException(String message) {
        super(message);
    }

    public ApplyException(String message, Throwable cause) {
        super(message, cause);
    }
}
