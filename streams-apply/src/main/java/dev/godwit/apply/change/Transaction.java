package dev.godwit.apply.change;

import java.time.Instant;
import java.util.List;

/**
 * A whole transaction of the replication source, as far as it concerns this domain; without changes where none
 * does, for the consistent point must pass it all the same.
 *
 * @param position where it ends in the source's log
 * @param committedAt by the source's clock
 * @param changes in the order in which the source made them; a changefeed gives no order within a transaction, but
 *     then no key occurs twice
 * @param marker the drain marker that this transaction carries for this domain; null if none
 */
public record Transaction(Position position, Instant committedAt, List<Change> changes, String marker) {
    public Transaction {
        changes = List.copyOf(changes);
    }

    public static Transaction empty(Position position, Instant committedAt) {
        return new Transaction(position, committedAt, List.of(), null);
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }
}
