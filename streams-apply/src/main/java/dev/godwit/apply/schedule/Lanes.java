package dev.godwit.apply.schedule;

import dev.godwit.apply.ApplyConfig.Limits;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.ConflictReason;
import dev.godwit.apply.assemble.Released;
import dev.godwit.apply.assemble.RestartOffsets;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.conflict.WriteSet;
import dev.godwit.apply.conflict.WriteSets;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.apply.write.Batch;
import dev.godwit.apply.write.RefusedByConstraintException;
import dev.godwit.apply.write.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lanes without their threads: gives every released transaction to a lane as soon as the order allows, so that the
 * result is that of writing one after the other in commit order. Each method does one thing and returns, so that {@link
 * LaneScheduler} can run them in threads and a simulation in any order it likes.
 *
 * <p>A transaction waits for the earlier ones that it conflicts with. If all of them that are not applied yet are in one
 * lane, it goes behind them into that lane, for a lane keeps the order; so transactions that work on the same rows are
 * written together and folded. If they are in several lanes, it waits until only one of these is left. The first
 * transaction that is not applied never waits for anything, so there is no deadlock.
 */
public final class Lanes implements Released {
    private final Target target;
    private final DomainState inherited;
    private final WriteSets writeSets;
    private final Limits limits;
    private final ApplyStatistics statistics;
    private final CommitOrder order;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Lane> lanes = new ArrayList<>();
    private final DependencyTable dependencies;
    /** Those that wait for all before some number, in commit order. */
    private final Deque<Ticket> behindHorizon = new ArrayDeque<>();
    /** Everything that comes now has to wait until all up to this number are applied. */
    private long horizon = -1;

    private Lane filling;
    private long filled;
    private long waitingRows;
    private long waitingCharacters;

    /**
     * @param inherited what {@link Target#takeOver()} has returned
     * @param limits of lanes, batches and of what may wait
     */
    public Lanes(
            Target target,
            DomainState inherited,
            RestartOffsets offsets,
            WriteSets writeSets,
            Limits limits,
            ApplyStatistics statistics) {
        this.target = target;
        this.inherited = inherited;
        this.writeSets = writeSets;
        this.limits = limits;
        this.statistics = statistics;
        this.order = new CommitOrder(offsets, inherited.applied());
        this.dependencies = new DependencyTable(limits.dependenciesMax());
        for (int i = 0; i < limits.lanes(); i++) {
            lanes.add(new Lane(i, lock.newCondition(), limits));
        }
        this.filling = lanes.get(0);
    }

    public int count() {
        return lanes.size();
    }

    @Override
    public void release(Transaction transaction, RestartOffsets.Holder holder) {
        boolean nothingToDo = transaction.isEmpty() || inherited.isApplied(transaction.position());
        WriteSet set = nothingToDo ? null : writeSets.of(transaction);
        lock.lock();
        try {
            Ticket ticket = order.add(transaction, holder);
            if (set == null) {
                order.applied(ticket);
                return;
            }
            waitingRows += ticket.rows();
            waitingCharacters += ticket.characters;
            note(ticket, set);
            place(ticket);
        } finally {
            lock.unlock();
        }
    }

    private void note(Ticket ticket, WriteSet set) {
        if (set.isBarrier()) {
            statistics.conflict(ConflictReason.BARRIER);
            ticket.waitsFor = ticket.number - 1;
            horizon = ticket.number;
            dependencies.clear();
            return;
        }
        horizon = Math.max(horizon, dependencies.makeRoom(order.appliedUpTo(), ticket.number - 1));
        ticket.waitsFor = horizon;
        dependencies.add(ticket, set, statistics::conflict);
    }

    /** Gives the transaction to a lane if nothing keeps it from that, and then those that waited for it. */
    private void place(Ticket first) {
        Deque<Ticket> open = null; // mostly nobody waits
        for (Ticket ticket = first; ticket != null; ticket = open == null ? null : open.poll()) {
            if (ticket.lane != null) {
                continue;
            }
            if (ticket.waitsFor > order.appliedUpTo()) {
                behindHorizon.add(ticket);
                continue;
            }
            Lane lane = laneFor(ticket);
            if (lane != null) {
                lane.add(ticket);
                ticket.dependencies = List.of();
                if (!ticket.watchers.isEmpty()) {
                    open = open == null ? new ArrayDeque<>() : open;
                    open.addAll(watchersOf(ticket));
                }
            }
        }
    }

    /** Null if it has to wait; then it is a watcher of those whose move may change that. */
    private Lane laneFor(Ticket ticket) {
        if (!ticket.dependencies.isEmpty()) {
            ticket.dependencies.removeIf(Ticket::isApplied);
        }
        if (ticket.dependencies.isEmpty()) {
            return freeLane(ticket.rows());
        }
        Ticket one = ticket.dependencies.get(0);
        for (Ticket dependency : ticket.dependencies) {
            if (dependency.lane == null) {
                dependency.watchers.add(ticket);
                return null;
            }
            if (dependency.lane != one.lane) {
                one.watchers.add(ticket);
                dependency.watchers.add(ticket);
                return null;
            }
        }
        return one.lane;
    }

    /**
     * One lane is filled for a while before the next gets anything: transactions that are near in time often depend on
     * each other, and a lane that gets them one by one would write them one by one.
     */
    private Lane freeLane(long rows) {
        if (filled >= filling.chunkRows()) {
            filled = 0;
            for (Lane lane : lanes) {
                if (lane.load() < filling.load()) {
                    filling = lane;
                }
            }
        }
        filled += rows;
        return filling;
    }

    private static List<Ticket> watchersOf(Ticket ticket) {
        if (ticket.watchers.isEmpty()) {
            return List.of();
        }
        List<Ticket> watchers = ticket.watchers;
        ticket.watchers = new ArrayList<>(0);
        return watchers;
    }

    /**
     * Whether the limits of what may wait are exceeded. Transactions without changes count too: they cannot leave
     * before those in front of them.
     */
    boolean isFull() {
        lock.lock();
        try {
            if (waitingRows > limits.backlogRowsMax() || waitingCharacters > limits.backlogBytesMax()) {
                return true;
            }
        } finally {
            lock.unlock();
        }
        return order.size() > 2L * limits.backlogRowsMax();
    }

    /** A batch that a lane has taken and has to write. */
    public final class Work {
        private final Lane lane;
        private final List<Ticket> tickets;

        private Work(Lane lane, List<Ticket> tickets) {
            this.lane = lane;
            this.tickets = tickets;
        }

        /** Writes to the target; what waited for it may go on. Throws as {@link Target#write} does. */
        public void write() {
            boolean alone = tickets.get(0).alone;
            Batch batch = new Batch(tickets.stream().map(Ticket::transaction).toList(), alone);
            long start = System.nanoTime();
            try {
                target.write(batch);
            } catch (RefusedByConstraintException e) {
                if (alone) {
                    throw e;
                }
                putBack();
                return;
            }
            long rows =
                    batch.transactions().stream().mapToLong(Transaction::rows).sum();
            written(rows, System.nanoTime() - start);
        }

        private void putBack() {
            lock.lock();
            try {
                lane.putBack(tickets);
            } finally {
                lock.unlock();
            }
        }

        private void written(long rows, long nanos) {
            lock.lock();
            try {
                order.applied(tickets);
                for (Ticket ticket : tickets) {
                    waitingRows -= ticket.rows();
                    waitingCharacters -= ticket.characters;
                }
                lane.written(rows, nanos);
                for (Ticket ticket : tickets) {
                    watchersOf(ticket).forEach(Lanes.this::place);
                }
                goOn();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Something is applied: perhaps everything is, that somebody waits for. */
    private void goOn() {
        long appliedUpTo = order.appliedUpTo();
        while (!behindHorizon.isEmpty() && behindHorizon.peek().waitsFor <= appliedUpTo) {
            place(behindHorizon.poll());
        }
        for (Lane lane : lanes) {
            lane.wakeIfAlone();
        }
    }

    /**
     * The next batch of a lane; null if there is nothing that it may write now. A lane must write what it has taken
     * before it takes more.
     */
    public Work take(int lane) {
        lock.lock();
        try {
            List<Ticket> tickets = lanes.get(lane).take(order.appliedUpTo());
            return tickets.isEmpty() ? null : new Work(lanes.get(lane), tickets);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #take}, but waits for something to write, or for the end of the time. */
    Work take(int lane, long millisMax) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millisMax);
            Work work = take(lane);
            while (work == null && left > 0) {
                left = lanes.get(lane).work.awaitNanos(left);
                work = take(lane);
            }
            return work;
        } finally {
            lock.unlock();
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
