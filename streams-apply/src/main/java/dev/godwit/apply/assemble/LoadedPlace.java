package dev.godwit.apply.assemble;

import dev.godwit.apply.ApplyConfig.Format;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.GtidSet;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Transaction;
import dev.godwit.database.RefusedException;
import dev.godwit.database.filter.TableSlice;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where in the source's log a table was loaded, in the form of that source. */
public sealed interface LoadedPlace {
    Pattern LSN = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");

    /**
     * @return empty if the table was loaded with its phase; also for a changefeed, which begins with all tables
     * @throws RefusedException if the place has not the form of this source
     */
    static Optional<LoadedPlace> of(TableSlice slice, Format format) {
        return slice.loadedAt().flatMap(place -> switch (format) {
            case DEBEZIUM_POSTGRESQL -> Optional.of(lsn(slice, place));
            case DEBEZIUM_MYSQL -> Optional.of(gtids(slice, place));
            case CHANGEFEED -> Optional.empty();
        });
    }

    private static LoadedPlace lsn(TableSlice slice, String place) {
        if (!LSN.matcher(place).matches()) {
            throw refused(slice, place, "is no LSN, and the source is PostgreSQL", "an LSN, such as 16/B374D848", null);
        }
        return new AtLsn(Lsn.parse(place));
    }

    private static LoadedPlace gtids(TableSlice slice, String place) {
        String remedy = "a GTID set, such as '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-23' (in quotes)";
        try {
            GtidSet set = GtidSet.parse(place);
            if (set.isEmpty()) {
                throw refused(slice, place, "is an empty GTID set", remedy, null);
            }
            return new InGtidSet(set);
        } catch (IllegalArgumentException e) {
            throw refused(slice, place, "is no GTID set, and the source is MySQL", remedy, e);
        }
    }

    private static RefusedException refused(
            TableSlice slice, String place, String problem, String form, IllegalArgumentException cause) {
        return new RefusedException(
                "the place at which " + slice.table() + " was loaded, \"" + place + "\", " + problem,
                "give in loaded-at the cdc_cursor that godwit fetch of this table has told: " + form,
                cause);
    }

    /**
     * Whether the load has what a transaction has done to the table.
     *
     * @throws ApplyException if that cannot be told
     */
    boolean holds(Transaction transaction);

    /** The slot's place is the end of a record: a commit that begins there is the first that is not in the snapshot. */
    record AtLsn(Lsn place) implements LoadedPlace {
        @Override
        public boolean holds(Transaction transaction) {
            return transaction.position().compareTo(place) < 0;
        }
    }

    /** Not by the place in the log: the set that the load has seen may have gaps, and numbers of several servers. */
    record InGtidSet(GtidSet set) implements LoadedPlace {
        @Override
        public boolean holds(Transaction transaction) {
            try {
                return set.contains(String.valueOf(transaction.id()));
            } catch (IllegalArgumentException e) {
                throw new ApplyException(
                        "transaction \"" + transaction.id() + "\", which ends at " + transaction.position()
                                + ", has no GTID, so nobody can tell whether it is in the load of a table that was added later"
                                + " (loaded-at). Set gtid_mode=ON on the source; then start the phase over",
                        e);
            }
        }
    }
}
