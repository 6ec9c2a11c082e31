package dev.godwit.apply.assemble;

import dev.godwit.apply.ApplyConfig.Format;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.SpilledChanges;
import dev.godwit.apply.change.Transaction;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Leaves out what is in the load of a table already: where a table was added to a phase that was replicating, its load has a
 * checkpoint of its own, later than that of the phase. A transaction that the checkpoint covers is in the load, as far as
 * it concerns that table; another one is not.
 */
public final class LoadedLater implements Released {
    private final Map<TableName, LoadedPlace> places;
    private final Released next;

    private LoadedLater(Map<TableName, LoadedPlace> places, Released next) {
        this.places = places;
        this.next = next;
    }

    /**
     * @return {@code next} itself if all tables were loaded with their phase
     * @throws RefusedException if a place has not the form of this source
     */
    public static Released before(Released next, Collection<TableSlice> slices, Format format) {
        Map<TableName, LoadedPlace> places = new HashMap<>();
        slices.forEach(slice -> LoadedPlace.of(slice, format).ifPresent(place -> places.put(slice.table(), place)));
        return places.isEmpty() ? next : new LoadedLater(places, next);
    }

    @Override
    public void release(Transaction transaction, RestartOffsets.Holder holder) {
        next.release(transaction.isEmpty() ? transaction : withoutLoaded(transaction), holder);
    }

    private Transaction withoutLoaded(Transaction transaction) {
        Set<TableName> loaded = new HashSet<>();
        places.forEach((table, place) -> {
            if (place.holds(transaction)) {
                loaded.add(table);
            }
        });
        if (loaded.isEmpty()) {
            return transaction;
        }
        SpilledChanges spilled = transaction.spilled();
        return transaction.with(
                transaction.changes().stream()
                        .filter(change -> !loaded.contains(change.table().name()))
                        .toList(),
                spilled == null ? null : new Rest(spilled, loaded));
    }

    /** What is left of a transaction in a file. The counts stay those of the whole: they are bounds, and for statistics. */
    private record Rest(SpilledChanges whole, Set<TableName> loaded) implements SpilledChanges {
        @Override
        public long rows() {
            return whole.rows();
        }

        @Override
        public long upserts() {
            return whole.upserts();
        }

        @Override
        public boolean hasStableOrder() {
            return whole.hasStableOrder();
        }

        @Override
        public Reader read(long behind) {
            Reader reader = whole.read(behind);
            return new Reader() {
                @Override
                public Change next() {
                    Change change = reader.next();
                    while (change != null && loaded.contains(change.table().name())) {
                        change = reader.next();
                    }
                    return change;
                }

                @Override
                public long order() {
                    return reader.order();
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }
    }
}
