package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.PartitionLedger;
import java.util.List;

/**
 * The replication target of a domain that is one partition. Changes of one key are written in their order; of others it may
 * be that they have to wait for what comes by another partition. Used by one thread.
 */
public interface PartitionTarget extends AutoCloseable {

    /** @param records what the last target transaction has noted; null if there was none */
    record Taken(DomainState state, String records) {}

    /** Makes the caller the only owner of the domain. */
    Taken takeOver();

    /**
     * Writes the changes, of each key the last, and what the ledger has to know, in one target transaction; durable on
     * return.
     *
     * @throws RefusedByConstraintException if a unique or foreign key refuses them: what they need may still be on its way
     * @throws dev.godwit.apply.ledger.FencedException if another applier has taken over
     * @throws dev.godwit.apply.ApplyException if they cannot be written. In all cases nothing is written
     */
    void write(List<Change> changes, PartitionLedger.Entry entry);

    @Override
    void close();
}
