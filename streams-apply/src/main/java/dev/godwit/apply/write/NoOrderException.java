package dev.godwit.apply.write;

import dev.godwit.apply.ApplyException;

/** No order of statements keeps every constraint of the target. Nothing is written. */
final class NoOrderException extends ApplyException {
    private static final long serialVersionUID = 1L;

    NoOrderException(String message) {
        super(message);
    }
}
