package dev.godwit.fetch.schema;

/** An expression of MySQL that is not sure to mean the same on the target. The message says what of it. */
final class UnsureExpressionException extends Exception {
    private static final long serialVersionUID = 1L;

    UnsureExpressionException(String message) {
        super(message);
    }
}
