package dev.godwit.apply.schedule;

import dev.godwit.apply.ApplyConfig.Limits;
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
    private final Limits limits;
    private final ApplyStatistics statistics;
    private final CommitOrder order;
    private final Deque<Ticket> queue = new ArrayDeque<>();
    private long waitingRows;
    private long waitingCharacters;

    /**
     * @param inherited what {@link Target#takeOver()} has returned
     * @param limits of batches and of what may wait
     */
    public SerialLane(
            Target target, DomainState inherited, RestartOffsets offsets, Limits limits, ApplyStatistics statistics) {
        this.target = target;
        this.inherited = inherited;
        this.limits = limits;
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
            waitingRows += ticket.rows();
            waitingCharacters += ticket.characters();
            queue.notifyAll();
        }
    }

    /**
     * Whether the limits of what may wait are exceeded. Transactions without changes count too: they cannot leave
     * before those in front of them.
     */
    boolean isFull() {
        synchronized (queue) {
            if (waitingRows > limits.backlogRowsMax() || waitingCharacters > limits.backlogBytesMax()) {
                return true;
            }
        }
        return order.size() > 2L * limits.backlogRowsMax();
    }

    /** Writes the next batch to the target, if there is one. To be called by one thread. */
    public boolean writeNext() {
        List<Ticket> tickets = nextBatch();
        if (tickets.isEmpty()) {
            return false;
        }
        Batch batch = new Batch(tickets.stream().map(Ticket::transaction).toList());
        target.write(batch);
        order.applied(tickets);
        synchronized (queue) {
            for (Ticket ticket : tickets) {
                waitingRows -= ticket.rows();
                waitingCharacters -= ticket.characters();
            }
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
            long rows = 0;
            long characters = 0;
            while (!queue.isEmpty()) {
                rows += queue.peek().rows();
                characters += queue.peek().characters();
                boolean spilled = queue.peek().transaction().isSpilled();
                boolean fits = !spilled && rows <= limits.batchRowsMax() && characters <= limits.batchBytesMax();
                if (!tickets.isEmpty() && !fits) {
                    break;
                }
                tickets.add(queue.poll());
                if (spilled) {
                    break;
                }
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
