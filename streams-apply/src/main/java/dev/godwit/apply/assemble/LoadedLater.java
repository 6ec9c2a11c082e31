package dev.godwit.apply.assemble;

import dev.godwit.apply.ApplyConfig.Format;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.SpilledChanges;
import dev.godwit.apply.change.Transaction;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Leaves out what is in the load of a table already: where a table was added to a phase that was replicating, its load has a
 * checkpoint of its own, later than that of the phase. A transaction that has committed before it is in the load, as far as
 * it concerns that table; one that has committed behind it is not.
 */
public final class LoadedLater implements Released {
    private final Map<TableName, Lsn> loadedAt;
    private final Lsn last;
    private final Released next;

    private LoadedLater(Map<TableName, Lsn> loadedAt, Released next) {
        this.loadedAt = loadedAt;
        this.last = loadedAt.values().stream().max(Lsn::compareTo).orElseThrow();
        this.next = next;
    }

    /**
     * @return {@code next} itself if all tables were loaded with their phase
     * @throws RefusedException if a place is no LSN
     */
    public static Released before(Released next, Collection<TableSlice> slices) {
        Map<TableName, Lsn> loadedAt = new HashMap<>();
        slices.forEach(slice -> slice.loadedAt().ifPresent(place -> loadedAt.put(slice.table(), parse(slice, place))));
        return loadedAt.isEmpty() ? next : new LoadedLater(loadedAt, next);
    }

    /** @throws RefusedException if a table was loaded later than its phase, and that cannot be gone by */
    public static void check(Collection<TableSlice> slices, Format format) {
        for (TableSlice slice : slices) {
            slice.loadedAt().ifPresent(place -> {
                Lsn parsed = parse(slice, place);
                if (format == Format.DEBEZIUM_MYSQL) {
                    throw new RefusedException(
                            "table " + slice.table() + " was loaded later than its phase, at " + parsed
                                    + ", and the source is MySQL",
                            "load the table as a phase of its own");
                }
            });
        }
    }

    private static Lsn parse(TableSlice slice, String place) {
        try {
            return Lsn.parse(place);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    "the place at which " + slice.table() + " was loaded, \"" + place + "\", is no LSN",
                    "loaded-at is the cdc_cursor that godwit fetch has told, such as 16/B374D848; tables can be added while"
                            + " replicating from PostgreSQL only",
                    e);
        }
    }

    @Override
    public void release(Transaction transaction, RestartOffsets.Holder holder) {
        next.release(transaction.position().compareTo(last) < 0 ? withoutLoaded(transaction) : transaction, holder);
    }

    private Transaction withoutLoaded(Transaction transaction) {
        SpilledChanges spilled = transaction.spilled();
        return new Transaction(
                transaction.position(),
                transaction.committedAt(),
                transaction.changes().stream()
                        .filter(change -> !isLoaded(transaction, change))
                        .toList(),
                transaction.marker(),
                spilled == null ? null : new Rest(transaction));
    }

    /** The slot's place is the end of a record: a commit that begins there is the first that is not in the snapshot. */
    private boolean isLoaded(Transaction transaction, Change change) {
        Lsn loaded = loadedAt.get(change.table().name());
        return loaded != null && transaction.position().compareTo(loaded) < 0;
    }

    /** What is left of a transaction in a file. The counts stay those of the whole: they are bounds, and for statistics. */
    private final class Rest implements SpilledChanges {
        private final Transaction transaction;
        private final SpilledChanges whole;

        private Rest(Transaction transaction) {
            this.transaction = transaction;
            this.whole = transaction.spilled();
        }

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
                    while (change != null && isLoaded(transaction, change)) {
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
