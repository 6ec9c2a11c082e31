package dev.godwit.apply.schedule;

import dev.godwit.apply.assemble.RestartOffsets;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Transaction;
import java.util.ArrayList;
import java.util.List;

/** A released transaction on its way to being covered by the consistent point. Guarded by {@link Lanes}. */
final class Ticket implements Comparable<Ticket> {
    /** Its place in commit order; numbers rise by one. */
    final long number;

    final RestartOffsets.Holder holder;
    final long characters;
    private final long rows;

    /** The earlier transactions that it may not overtake; forgotten when it gets a lane. */
    List<Ticket> dependencies = new ArrayList<>(2);
    /** Those that want to be looked at again when this one gets a lane or is applied. */
    List<Ticket> watchers = new ArrayList<>(0);
    /** The number of the last one that was found to depend on this one. */
    private long lastDependent = -1;
    /** All transactions up to this number have to be applied before. */
    long waitsFor;
    /** Null until it may be written. */
    Lane lane;
    /** Whether it has to be written by itself, after everything earlier. */
    boolean alone;

    private Transaction transaction;
    private boolean applied;
    /** The key of the row in {@code _godwit.applied} that this transaction is the last of; null if there is none. */
    private Position recorded;

    Ticket(long number, Transaction transaction, RestartOffsets.Holder holder) {
        this.number = number;
        this.transaction = transaction;
        this.holder = holder;
        this.rows = transaction.changes().size();
        long sum = 0;
        for (Change change : transaction.changes()) {
            sum += change.after() == null ? 0 : change.after().characters();
        }
        this.characters = sum;
    }

    /** It may not overtake that one. */
    void dependOn(Ticket earlier) {
        if (!earlier.applied && earlier.lastDependent != number) {
            earlier.lastDependent = number;
            dependencies.add(earlier);
        }
    }

    /** In memory. */
    long rows() {
        return rows;
    }

    Transaction transaction() {
        return transaction;
    }

    /** Covered by the consistent point. Others may still know the ticket, but need no rows any more. */
    void close() {
        transaction = null;
    }

    boolean isApplied() {
        return applied;
    }

    void markApplied() {
        applied = true;
    }

    void markRecorded(Position position) {
        recorded = position;
    }

    Position recorded() {
        return recorded;
    }

    @Override
    public int compareTo(Ticket other) {
        return Long.compare(number, other.number);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }
}
