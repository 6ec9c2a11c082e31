package dev.godwit.apply.ledger;

import dev.godwit.apply.ApplyException;

/**
 * Another applier has taken this domain over. Nothing of what failed has been written; the only right thing is to
 * stop.
 */
public class FencedException extends ApplyException {
    private static final long serialVersionUID = 1L;

    FencedException(String message) {
        super(message);
    }

    public FencedException(String domain, long epoch) {
        super("another applier has taken over domain " + domain + " (this one held epoch " + epoch
                + "); it goes on from the ledger, this one stops");
    }
}
