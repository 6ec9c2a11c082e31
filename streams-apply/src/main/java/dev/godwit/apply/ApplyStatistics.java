package dev.godwit.apply;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.deadletter.DeadLetter;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.database.dialect.FailureClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/** Counters of one applier since it started, and how much it has before it. Thread-safe. */
public final class ApplyStatistics {
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong targetTransactions = new AtomicLong();
    private final AtomicLong upserts = new AtomicLong();
    private final AtomicLong deletes = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong waitingRows = new AtomicLong();
    private final AtomicLong takeOvers = new AtomicLong();
    private final AtomicLong commitToApplyMillis = new AtomicLong();
    private final ReasonCounts<FailureClass> retries = new ReasonCounts<>(FailureClass.class);
    private final ReasonCounts<ConflictReason> conflicts = new ReasonCounts<>(ConflictReason.class);
    private final ReasonCounts<DeadLetter.Reason> deadLetters = new ReasonCounts<>(DeadLetter.Reason.class);
    private final LaneUse laneUse = new LaneUse();
    private volatile Progress progress;
    private volatile Duration lastCommitToApply;
    private volatile IntSupplier openTransactions = () -> 0;
    private volatile boolean paused;
    private volatile long restartGap;
    private volatile int standingAside;

    /**
     * This applier has become the owner of the domain: nothing waits yet.
     *
     * @param gapRecords records that will be read again although an earlier owner has applied them
     * @param open how many transactions have begun but are not whole yet
     */
    public void tookOver(long gapRecords, int lanes, IntSupplier open) {
        takeOvers.incrementAndGet();
        restartGap = gapRecords;
        openTransactions = open;
        laneUse.lanes(lanes);
        waiting.set(0);
        waitingRows.set(0);
    }

    /** This applier owns the domain no longer; what waits is left to the next owner. */
    public void gaveUp() {
        openTransactions = () -> 0;
        laneUse.lanes(0);
        waiting.set(0);
        waitingRows.set(0);
        paused = false;
    }

    /** A record was read from Kafka. */
    public void read() {
        records.incrementAndGet();
    }

    /** Reading has paused, or goes on. */
    public void paused(boolean now) {
        paused = now;
    }

    /** A whole transaction with changes waits to be written. */
    public void released(Transaction transaction) {
        waiting.incrementAndGet();
        waitingRows.addAndGet(transaction.rows());
    }

    /** A transaction has come again that an earlier owner has applied. */
    public void skipped() {
        skipped.incrementAndGet();
    }

    /** These are done with, be it applied or put aside. */
    public void left(List<Transaction> batch) {
        waiting.addAndGet(-batch.size());
        waitingRows.addAndGet(-batch.stream().mapToLong(Transaction::rows).sum());
    }

    /** These were committed to the target together. */
    public void applied(List<Transaction> batch) {
        Instant now = Instant.now();
        targetTransactions.incrementAndGet();
        transactions.addAndGet(batch.size());
        for (Transaction transaction : batch) {
            upserts.addAndGet(transaction.upserts());
            deletes.addAndGet(transaction.rows() - transaction.upserts());
            Duration took = Duration.between(transaction.committedAt(), now);
            commitToApplyMillis.addAndGet(Math.max(0, took.toMillis()));
            lastCommitToApply = took;
        }
    }

    /** These changes were committed to the target together, and belong to no transaction that is known as a whole. */
    public void appliedRows(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        long upserted = changes.stream()
                .filter(change -> change.operation() == Change.Operation.UPSERT)
                .count();
        targetTransactions.incrementAndGet();
        upserts.addAndGet(upserted);
        deletes.addAndGet(changes.size() - upserted);
    }

    /** So many changes wait to be written. */
    public void waitingRows(long rows) {
        waitingRows.set(rows);
    }

    /** A transaction has to wait for an earlier one, or to go behind it into the same lane. */
    public void conflict(ConflictReason reason) {
        conflicts.count(reason);
    }

    /** A target transaction has failed and will be tried again. */
    public void retried(FailureClass reason) {
        retries.count(reason);
    }

    /** These changes of a transaction were put aside as dead letters. */
    public void putAside(DeadLetter.Reason reason, int rows) {
        for (int i = 0; i < rows; i++) {
            deadLetters.count(reason);
        }
        waitingRows.addAndGet(-rows);
    }

    /** So many changes stand aside now. */
    public void standAside(int letters) {
        standingAside = letters;
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

    /** Transactions that came again after a restart, and were applied already. */
    public long skippedTransactions() {
        return skipped.get();
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

    /** Whole transactions that wait to be written, or are being written. */
    public long waitingTransactions() {
        return waiting.get();
    }

    /** Their changes. */
    public long waitingRows() {
        return waitingRows.get();
    }

    /** Transactions that have begun but are not whole yet. */
    public int openTransactions() {
        return openTransactions.getAsInt();
    }

    /** Whether reading pauses because more waits to be written than the limits allow. */
    public boolean isPaused() {
        return paused;
    }

    /** How often this applier has become the owner of the domain. */
    public long takeOvers() {
        return takeOvers.get();
    }

    /** Records that were read again after the last take-over although they were applied. */
    public long restartGap() {
        return restartGap;
    }

    public ReasonCounts<FailureClass> retries() {
        return retries;
    }

    /** Changes put aside, by the reason of their transaction's. */
    public ReasonCounts<DeadLetter.Reason> deadLetters() {
        return deadLetters;
    }

    /** Changes that stand aside and were not replayed, as far as this applier has noticed. */
    public int standingAside() {
        return standingAside;
    }

    public ReasonCounts<ConflictReason> conflicts() {
        return conflicts;
    }

    public LaneUse laneUse() {
        return laneUse;
    }

    /** From a commit at the replication source to the commit at the target, of the last transaction applied. */
    public Optional<Duration> lastCommitToApply() {
        return Optional.ofNullable(lastCommitToApply);
    }

    /** The same, summed over all {@link #transactions()}, in milliseconds. */
    public long commitToApplyMillis() {
        return commitToApplyMillis.get();
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
