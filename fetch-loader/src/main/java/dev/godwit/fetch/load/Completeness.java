package dev.godwit.fetch.load;

import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.session.LoadBrokenException;
import java.sql.SQLException;

/** The pieces of a table that was cut must together be the whole. */
final class Completeness {
    private Completeness() {}

    /** @param done what was done with the rows, in a word */
    static void require(LoadSession session, TablePlan table, int worker, TableTally tally, String done)
            throws LoadBrokenException {
        if (tally.shards() == 1) {
            return;
        }
        try {
            long expected = session.source().reader(worker).count(table);
            if (expected != tally.rows()) {
                throw new LoadBrokenException(
                        "table " + table.name() + ": " + tally.rows() + " rows were " + done
                                + ", but the snapshot holds " + expected,
                        "load it in one piece, and report this as a bug",
                        null);
            }
        } catch (SQLException e) {
            throw LoadBrokenException.of("table " + table.name() + ": counting its rows on the source failed", e);
        }
    }
}
