package dev.godwit.apply.schedule;

import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.assemble.Released;
import dev.godwit.apply.assemble.RestartOffsets;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.apply.write.Batch;
import dev.godwit.apply.write.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One lane without its threads: transactions are queued in commit order, neighbours merged into batches, and what
 * is applied becomes a step of the consistent point. Each method does one thing and returns, so that {@link
 * SerialScheduler} can run them in threads and a simulation in any order it likes.
 */
public final class SerialLane implements Released {
    private final Target target;
    private final DomainState inherited;
    private final int batchRowsMax;
    private final ApplyStatistics statistics;
    private final CommitOrder order;
    private final Deque<Ticket> queue = new ArrayDeque<>();
    private long backlog;

    /**
     * @param inherited what {@link Target#takeOver()} has returned
     * @param batchRowsMax transactions are merged up to this number of changes; a larger one is written alone
     */
    public SerialLane(
            Target target,
            DomainState inherited,
            RestartOffsets offsets,
            int batchRowsMax,
            ApplyStatistics statistics) {
        this.target = target;
        this.inherited = inherited;
        this.batchRowsMax = batchRowsMax;
        this.statistics = statistics;
        this.order = new CommitOrder(offsets, inherited.applied());
    }

    @Override
    public void release(Transaction transaction, RestartOffsets.Holder holder) {
        Ticket ticket = order.add(transaction, holder);
        if (transaction.isEmpty() || inherited.isApplied(transaction.position())) {
            order.applied(ticket);
            return;
        }
        synchronized (queue) {
            queue.add(ticket);
            backlog += transaction.changes().size();
            queue.notifyAll();
        }
    }

    /** Changes queued or being written. */
    long backlog() {
        synchronized (queue) {
            return backlog;
        }
    }

    /** Writes the next batch to the target, if there is one. To be called by one thread. */
    public boolean writeNext() {
        List<Ticket> tickets = nextBatch();
        if (tickets.isEmpty()) {
            return false;
        }
        Batch batch = new Batch(tickets.stream().map(Ticket::transaction).toList());
        target.write(batch);
        statistics.written(batch.transactions());
        order.applied(tickets);
        synchronized (queue) {
            batch.transactions()
                    .forEach(transaction -> backlog -= transaction.changes().size());
        }
        return true;
    }

    /** Waits for something to write, or for the end of the time. */
    void awaitWork(long millisMax) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
        synchronized (queue) {
            long left = millisMax;
            while (left > 0 && queue.isEmpty()) {
                queue.wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
        }
    }

    private List<Ticket> nextBatch() {
        synchronized (queue) {
            List<Ticket> tickets = new ArrayList<>();
            int rows = 0;
            while (!queue.isEmpty()) {
                int size = queue.peek().transaction().changes().size();
                if (!tickets.isEmpty() && rows + size > batchRowsMax) {
                    break;
                }
                tickets.add(queue.poll());
                rows += size;
            }
            return tickets;
        }
    }

    /**
     * Moves the consistent point over what is applied. Null if there is nothing to move. To be called by one
     * thread.
     */
    public Progress advanceNext() {
        Progress progress = order.takeProgress();
        if (progress != null) {
            target.advance(progress);
            statistics.advanced(progress);
        }
        return progress;
    }

    /**
     * Waits until something is applied that {@link #advanceNext()} can use, or for the end of the time. May return
     * early.
     */
    void awaitApplied(long millisMax) throws InterruptedException {
        order.awaitApplied(millisMax);
    }
}
