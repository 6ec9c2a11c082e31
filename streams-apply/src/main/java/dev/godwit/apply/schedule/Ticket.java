package dev.godwit.apply.schedule;

import dev.godwit.apply.assemble.RestartOffsets;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Transaction;

/** A released transaction on its way to being covered by the consistent point. Guarded by {@link CommitOrder}. */
final class Ticket {
    private final RestartOffsets.Holder holder;
    private final Transaction transaction;
    private final long characters;
    private boolean applied;
    /** The key of the row in {@code _godwit.applied} that this transaction is the last of; null if there is none. */
    private Position recorded;

    Ticket(Transaction transaction, RestartOffsets.Holder holder) {
        this.transaction = transaction;
        this.holder = holder;
        this.characters = transaction.changes().stream()
                .mapToLong(change -> change.after() == null ? 0 : change.after().characters())
                .sum();
    }

    /** In memory. */
    long rows() {
        return transaction.changes().size();
    }

    /** About the size of the new rows. */
    long characters() {
        return characters;
    }

    Transaction transaction() {
        return transaction;
    }

    RestartOffsets.Holder holder() {
        return holder;
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
}
