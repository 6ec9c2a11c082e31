package dev.godwit.apply;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.ledger.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Counters of one applier since it started. Thread-safe. */
public final class ApplyStatistics {
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong targetTransactions = new AtomicLong();
    private final AtomicLong upserts = new AtomicLong();
    private final AtomicLong deletes = new AtomicLong();
    private volatile Progress progress;

    /** A record was read from Kafka. */
    public void read() {
        records.incrementAndGet();
    }

    /** These were committed to the target together. */
    public void written(List<Transaction> batch) {
        targetTransactions.incrementAndGet();
        transactions.addAndGet(batch.size());
        for (Transaction transaction : batch) {
            for (Change change : transaction.changes()) {
                (change.operation() == Operation.UPSERT ? upserts : deletes).incrementAndGet();
            }
        }
    }

    /** The ledger has moved. */
    public void advanced(Progress step) {
        progress = step;
    }

    /** Records read from Kafka, duplicates and other slices included. */
    public long records() {
        return records.get();
    }

    /** Source transactions with changes of this slice that were applied. */
    public long transactions() {
        return transactions.get();
    }

    public long targetTransactions() {
        return targetTransactions.get();
    }

    /** Inserts and updates applied. */
    public long upserts() {
        return upserts.get();
    }

    /** Deletes and truncates applied. */
    public long deletes() {
        return deletes.get();
    }

    /** The last step in the ledger; empty before the first. */
    public Optional<Progress> progress() {
        return Optional.ofNullable(progress);
    }

    /** How far the consistent point is behind the given moment; empty before the first step. */
    public Optional<Duration> lag(Instant now) {
        return progress().map(step -> Duration.between(step.committedAt(), now));
    }
}
