package dev.godwit.apply.change;

import dev.godwit.apply.change.Change.Operation;
import java.time.Instant;
import java.util.List;

/**
 * A whole transaction of the replication source, as far as it concerns this domain; without changes where none
 * does, for the consistent point must pass it all the same.
 *
 * @param id by which the source knows it: of MySQL the GTID. Null where it has none (a changefeed), or none that matters any more
 * @param position where it ends in the source's log
 * @param committedAt by the source's clock
 * @param changes in the order in which the source made them; a changefeed gives no order within a transaction, but
 *     then no key occurs twice. Empty if they are in {@code spilled}.
 * @param marker the drain marker that this transaction carries for this domain; null if none
 * @param spilled the changes, where there are too many for memory; else null
 */
public record Transaction(
        String id,
        Position position,
        Instant committedAt,
        List<Change> changes,
        String marker,
        SpilledChanges spilled) {
    public Transaction {
        changes = List.copyOf(changes);
        if (spilled != null && !changes.isEmpty()) {
            throw new IllegalArgumentException("changes in memory and on disk");
        }
    }

    /** Without an id. */
    public Transaction(
            Position position, Instant committedAt, List<Change> changes, String marker, SpilledChanges spilled) {
        this(null, position, committedAt, changes, marker, spilled);
    }

    /** With all changes in memory, and without an id. */
    public Transaction(Position position, Instant committedAt, List<Change> changes, String marker) {
        this(null, position, committedAt, changes, marker, null);
    }

    /** The same transaction with other changes. */
    public Transaction with(List<Change> otherChanges, SpilledChanges otherSpilled) {
        return new Transaction(id, position, committedAt, otherChanges, marker, otherSpilled);
    }

    public static Transaction empty(Position position, Instant committedAt) {
        return new Transaction(position, committedAt, List.of(), null);
    }

    public boolean isEmpty() {
        return changes.isEmpty() && spilled == null;
    }

    /** Whether the changes are on disk. Such a transaction is written alone, and after all earlier ones. */
    public boolean isSpilled() {
        return spilled != null;
    }

    /** How many changes there are, wherever they are. */
    public long rows() {
        return spilled == null ? changes.size() : spilled.rows();
    }

    /** How many of the changes are inserts and updates. */
    public long upserts() {
        if (spilled != null) {
            return spilled.upserts();
        }
        long upserts = 0;
        for (Change change : changes) {
            upserts += change.operation() == Operation.UPSERT ? 1 : 0;
        }
        return upserts;
    }
}
