package dev.godwit.fetch.mysql;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.database.mysql.MysqlSnapshots;
import dev.godwit.fetch.FetchFailedException;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.FetchResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A load from MySQL, from check to result. Nothing but the schema {@code _godwit} is created on the source. */
public final class MysqlFetch {
    private final FetchRequest request;
    private final FetchListener listener;
    private final long startedNanos = System.nanoTime();

    public MysqlFetch(FetchRequest request, FetchListener listener) {
        this.request = request;
        this.listener = listener;
    }

    /** @throws RefusedException with everything that stands in the way */
    public static void preflight(FetchRequest request) {
        new MysqlPreflight(request).check();
    }

    /** As {@link dev.godwit.fetch.FetchJob#run}. */
    public FetchResult run() {
        MysqlLoadPlan plan = new MysqlPreflight(request).check();
        try {
            createLedger(request.source());
            createLedger(request.target());
            try (MysqlSnapshot snapshot = MysqlSnapshot.take(request.source(), plan.names(), request.concurrency())) {
                return load(plan, snapshot);
            }
        } catch (SQLException e) {
            throw new FetchFailedException(
                    "the load broke off: " + e.getMessage(),
                    "mend the cause that the server names; rows that have arrived may be on the target: repeat the load with a table"
                            + " handling that removes them",
                    e);
        }
    }

    private FetchResult load(MysqlLoadPlan plan, MysqlSnapshot snapshot) throws SQLException {
        String name = MysqlSnapshots.offer(snapshot.kept());
        try {
            listener.snapshotTaken(name);
        } finally {
            if (!MysqlSnapshots.isClaimed(name)) {
                MysqlSnapshots.close(name);
            }
        }
        MysqlLoad load = new MysqlLoad(request, listener, plan, snapshot);
        listener.loadStarted(snapshot.gtidSet(), load.rowsEstimated());
        load.emptyTarget();
        load.run();
        Map<TableName, Long> rows = new TreeMap<>(load.rows());
        FetchResult result = new FetchResult(
                "", snapshot.gtidSet(), rows, load.bytes(), Duration.ofNanos(System.nanoTime() - startedNanos));
        listener.loadComplete(result);
        return result;
    }

    private static void createLedger(Database database) throws SQLException {
        try (Connection connection = database.open()) {
            LedgerSchema.create(connection);
        }
    }
}
