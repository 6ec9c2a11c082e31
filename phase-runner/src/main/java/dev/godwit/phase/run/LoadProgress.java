package dev.godwit.phase.run;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on how the load goes on, and holds on to its snapshot. The load never makes two calls at a time. */
final class LoadProgress implements FetchListener {
    private static final Logger LOG = LoggerFactory.getLogger(LoadProgress.class);

    private final Attempt attempt;
    private final PhaseContext context;
    private long rows;
    private long rowsEstimated;

    LoadProgress(Attempt attempt, PhaseContext context) {
        this.attempt = attempt;
        this.context = context;
    }

    @Override
    public void waitingForTransactions(List<String> transactions) {
        attempt.say("the slot waits for transactions that are open on the source: " + String.join("; ", transactions));
    }

    @Override
    public void snapshotTaken(String snapshotName) {
        try {
            context.hold(HeldSnapshot.of(context.source, snapshotName, context.tables()));
        } catch (SQLException e) {
            // The load can do without; step 4 then says that it could compare with the live source only.
            LOG.warn("the load's snapshot cannot be held for its verification: {}", e.getMessage());
        }
    }

    @Override
    public void loadStarted(String cdcCursor, Map<TableName, Long> estimates) {
        rowsEstimated = estimates.values().stream().mapToLong(Long::longValue).sum();
        attempt.say("slot and snapshot are there, checkpoint " + cdcCursor);
    }

    @Override
    public void progressed(TableName table, long moreRows, long moreBytes) {
        rows += moreRows;
        attempt.progressed("rows", rows, Math.max(rows, rowsEstimated));
    }

    @Override
    public void tableLoaded(TableName table, long tableRows, long bytes, Duration elapsed) {
        attempt.say(table + ": " + tableRows + " rows");
    }
}
