package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.assemble.LoadedPlace;
import dev.godwit.apply.change.GtidSet;
import dev.godwit.database.RefusedException;
import dev.godwit.database.filter.TableSlice;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Refuses tables that were loaded later than their phase, if the place of that load cannot be of this source. */
final class LoadedPlaceCheck {
    private LoadedPlaceCheck() {}

    /** @throws RefusedException if a place has not the form of the source, or its log has not come there */
    static void check(ApplyConfig config) {
        for (TableSlice slice : config.slices()) {
            LoadedPlace place = LoadedPlace.of(slice, config.format()).orElse(null);
            if (place != null && !isReached(place, config)) {
                throw new RefusedException(
                        "the place at which " + slice.table() + " was loaded, \""
                                + slice.loadedAt().orElseThrow()
                                + "\", is not in the log of the source: it is of another server",
                        "give in loaded-at the cdc_cursor that godwit fetch of this table has told");
            }
        }
    }

    private static boolean isReached(LoadedPlace place, ApplyConfig config) {
        try {
            if (place instanceof LoadedPlace.InGtidSet gtids) {
                return executed(config).containsAll(gtids.set());
            }
            LoadedPlace.AtLsn lsn = (LoadedPlace.AtLsn) place;
            return SourcePosition.now(config.replicationSource(), config.format())
                            .compareTo(lsn.place())
                    >= 0;
        } catch (SQLException e) {
            throw new RefusedException(
                    "cannot read the position of the " + config.replicationSource() + ": " + e.getMessage(),
                    "mend the cause that the server names, then try again",
                    e);
        }
    }

    private static GtidSet executed(ApplyConfig config) throws SQLException {
        try (Connection connection = config.replicationSource().open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@global.gtid_executed")) {
            row.next();
            return GtidSet.parse(row.getString(1));
        }
    }
}
