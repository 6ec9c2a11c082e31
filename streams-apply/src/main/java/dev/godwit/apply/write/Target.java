package dev.godwit.apply.write;

import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.Progress;

/** The replication target as the scheduler sees it. Thread-safe: several lanes write at once. */
public interface Target extends AutoCloseable {

    /** Makes the caller the only owner of the domain. To be called once, before anything else. */
    DomainState takeOver();

    /**
     * Writes the batch and its ledger entry in one target transaction; durable on return. Whatever may pass is
     * retried inside. May be asked again for a batch whose outcome is unknown: it is written once.
     *
     * @throws dev.godwit.apply.ledger.FencedException if another applier has taken over
     * @throws dev.godwit.apply.ApplyException if the batch cannot be written; nothing of it is
     */
    void write(Batch batch);

    /** Moves the consistent point; durable on return. Throws as {@link #write} does. */
    void advance(Progress progress);

    @Override
    void close();
}
