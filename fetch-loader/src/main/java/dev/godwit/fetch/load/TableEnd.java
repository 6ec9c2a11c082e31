package dev.godwit.fetch.load;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.state.FetchLedger;
import java.sql.SQLException;
import java.util.Map;

/** Begin and end of a table whose files are imported: told and recorded. */
record TableEnd(FetchLedger ledger, FetchListener listener, Map<TableName, TableTally> tallies) {

    void begin(TableName table) {
        if (tallies.get(table).start()) {
            listener.tableStarted(table);
        }
    }

    void fileDone(TableName table, long rows, long bytes) {
        tallies.get(table).foundThere(rows, bytes);
        listener.progressed(table, rows, bytes);
    }

    void done(TableName table) throws LoadBrokenException {
        TableTally tally = tallies.get(table);
        try {
            ledger.tableComplete(table, tally.rows());
        } catch (SQLException e) {
            throw LoadBrokenException.of("table " + table + ": recording that it is complete failed", e);
        }
        listener.tableLoaded(table, tally.rows(), tally.bytes(), tally.elapsed());
    }
}
