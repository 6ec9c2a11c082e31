package dev.godwit.apply.schedule;

import dev.godwit.apply.assemble.RestartOffsets;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.ledger.DomainState.AppliedBatch;
import dev.godwit.apply.ledger.Progress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * All transactions that are not yet covered by the consistent point, in commit order. Lanes may finish them in any
 * order; the consistent point moves over the longest prefix that is applied. Thread-safe.
 */
final class CommitOrder {
    private final RestartOffsets offsets;
    /** Not covered by the consistent point. */
    private final Deque<Ticket> tickets = new ArrayDeque<>();
    /** From the first that is not applied on. */
    private final Deque<Ticket> unapplied = new ArrayDeque<>();
    /** Rows of {@code _godwit.applied} that an earlier run left behind. */
    private final List<AppliedBatch> inherited;

    private long newest = -1;
    private long appliedUpTo = -1;

    CommitOrder(RestartOffsets offsets, List<AppliedBatch> inherited) {
        this.offsets = offsets;
        this.inherited = new ArrayList<>(inherited);
    }

    synchronized Ticket add(Transaction transaction, RestartOffsets.Holder holder) {
        Ticket ticket = new Ticket(++newest, transaction, holder);
        tickets.add(ticket);
        unapplied.add(ticket);
        return ticket;
    }

    /** Nothing had to be written for this one. */
    synchronized void applied(Ticket ticket) {
        ticket.markApplied();
        moveOn();
    }

    /** These were written together, and recorded under the position of the last. */
    synchronized void applied(List<Ticket> batch) {
        batch.forEach(Ticket::markApplied);
        Ticket last = batch.get(batch.size() - 1);
        last.markRecorded(last.transaction().position());
        moveOn();
    }

    private void moveOn() {
        while (!unapplied.isEmpty() && unapplied.peek().isApplied()) {
            appliedUpTo = unapplied.poll().number;
        }
        notifyAll();
    }

    /** All transactions up to this number are applied, and the next one is not. */
    synchronized long appliedUpTo() {
        return appliedUpTo;
    }

    /** The number of the last transaction that came. */
    synchronized long newest() {
        return newest;
    }

    /**
     * Takes the applied prefix out and returns the step that the ledger has to make; null if there is none. Whoever
     * calls this must write it to the ledger, or give up the domain.
     */
    synchronized Progress takeProgress() {
        Position point = null;
        Instant committedAt = null;
        String marker = null;
        List<Position> covered = new ArrayList<>();
        while (!tickets.isEmpty() && tickets.peek().isApplied()) {
            Ticket ticket = tickets.poll();
            point = ticket.transaction().position();
            committedAt = ticket.transaction().committedAt();
            if (ticket.transaction().marker() != null) {
                marker = ticket.transaction().marker();
            }
            if (ticket.recorded() != null) {
                covered.add(ticket.recorded());
            }
            offsets.release(ticket.holder);
            ticket.close();
        }
        if (point == null) {
            return null;
        }
        for (Iterator<AppliedBatch> batch = inherited.iterator(); batch.hasNext(); ) {
            Position last = batch.next().last();
            if (last.compareTo(point) <= 0) {
                covered.add(last);
                batch.remove();
            }
        }
        return new Progress(point, committedAt, marker, offsets.snapshot(), covered);
    }

    /** Waits until the consistent point could move, or the time is over. */
    synchronized void awaitApplied(long millisMax) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
        long left = millisMax;
        while (left > 0 && (tickets.isEmpty() || !tickets.peek().isApplied())) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
    }

    synchronized int size() {
        return tickets.size();
    }
}
