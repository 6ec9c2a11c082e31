package dev.godwit.fetch.load;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.fetch.FetchFailedException;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.plan.LeftOutFile;
import dev.godwit.fetch.plan.LoadPlan;
import dev.godwit.fetch.plan.Preflight;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.session.OpenConnections;
import dev.godwit.fetch.session.PinnedSession;
import dev.godwit.fetch.session.SqlFailure;
import dev.godwit.fetch.shard.Shard;
import dev.godwit.fetch.shard.ShardPlanner;
import dev.godwit.fetch.snapshot.Capture;
import dev.godwit.fetch.snapshot.Leftovers;
import dev.godwit.fetch.snapshot.SlotWatch;
import dev.godwit.fetch.snapshot.SnapshotReader;
import dev.godwit.fetch.snapshot.TableLocks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One load from check to result, and what is taken back if it fails. */
public final class FetchRun {
    private final FetchRequest request;
    private final FetchListener listener;
    private final Capture capture;
    private final OpenConnections connections = new OpenConnections();
    private final List<SnapshotReader> readers = new ArrayList<>();
    private final long startedNanos = System.nanoTime();
    private String doing = "starting the load";
    private boolean targetEmptied;
    private volatile boolean stopped;
    private ParallelLoad load;

    public FetchRun(FetchRequest request, FetchListener listener) {
        this.request = request;
        this.listener = listener;
        this.capture = new Capture(request);
    }

    @SuppressWarnings("try") // the resource works by being there
    public FetchResult run() {
        LoadPlan plan = Preflight.check(request, listener);
        try (StopOnShutdown stop = new StopOnShutdown(this::stop);
                connections) {
            return captureAndLoad(plan);
        }
    }

    /** Called by another thread. */
    private void stop() {
        stopped = true;
        capture.cancel();
        connections.abort();
    }

    @SuppressWarnings("CatchingUnchecked") // whatever happens, the slot must not stay
    private FetchResult captureAndLoad(LoadPlan plan) {
        try {
            prepareSource(plan);
            FetchResult result = load(plan);
            requireSlotIntact();
            new SequenceTransfer(request, listener).run(plan);
            listener.loadComplete(result);
            return result;
        } catch (RefusedException e) {
            takeBack(Optional.empty());
            throw e;
        } catch (LoadBrokenException e) {
            throw failed(e.getMessage(), e.hint(), e);
        } catch (SQLException e) {
            LoadBrokenException broken = LoadBrokenException.of(doing + " failed", e);
            throw failed(broken.getMessage(), broken.hint(), e);
        } catch (InterruptedException e) {
            try {
                throw failed("the load was interrupted", "", e);
            } finally {
                Thread.currentThread().interrupt(); // not before: what was created is still to be dropped
            }
        } catch (RuntimeException | Error e) {
            throw failed(doing + " failed: " + e, "", e);
        }
    }

    @SuppressWarnings("try") // the locks work by being there
    private void prepareSource(LoadPlan plan) throws SQLException, LoadBrokenException {
        doing = "locking the tables of the source against changes of their structure";
        try (TableLocks locks = TableLocks.take(request, plan.names())) {
            requireUnchanged(plan);
            doing = "creating the schema " + LedgerSchema.SCHEMA + " on the target";
            createLedger(request.target());
            if (request.checkpoint().isTaken()) {
                createCheckpoint(plan);
            } else {
                doing = "exporting a snapshot";
                capture.exportSnapshot();
            }
            doing = "opening connections that share the snapshot";
            for (int i = 0; i < request.concurrency(); i++) {
                SnapshotReader reader = SnapshotReader.open(request.source(), capture.snapshotName(), plan.names());
                connections.add(reader.connection());
                readers.add(reader);
            }
            listener.snapshotTaken(capture.snapshotName());
            capture.releaseSnapshot();
        }
    }

    private void createCheckpoint(LoadPlan plan) throws SQLException, LoadBrokenException {
        doing = "creating the schema " + LedgerSchema.SCHEMA + " on the source";
        createLedger(request.source());
        if (request.checkpoint().dropAndRecreate()) {
            doing = "dropping publication and replication slot";
            listener.informed("dropping and recreating publication " + request.publicationName()
                    + " and replication slot " + request.slotName());
            Leftovers.dropSlot(request.source(), request.slotName());
            Leftovers.dropPublication(request.source(), request.publicationName());
        }
        doing = "creating publication \"" + request.publicationName() + "\"";
        capture.createPublication(plan.names());
        createSlot();
    }

    /** The tables are locked only now; what the checks saw must still hold. */
    private void requireUnchanged(LoadPlan plan) throws SQLException {
        Catalog catalog = request.source().catalog();
        for (TablePlan table : plan.tables()) {
            if (!catalog.table(table.name()).equals(Optional.of(table.table()))) {
                throw new RefusedException(
                        "the structure of " + table.name() + " on the source was changed while the load was starting",
                        "run it again when the change is through; nothing was written");
            }
        }
    }

    private static void createLedger(Database database) throws SQLException {
        try (Connection connection = database.open()) {
            LedgerSchema.create(connection);
        }
    }

    private void createSlot() throws SQLException, LoadBrokenException {
        doing = "creating replication slot \"" + request.slotName() + "\"";
        try (SlotWatch watch = new SlotWatch(request, capture, listener)) {
            createSlot(watch);
        }
    }

    private void createSlot(SlotWatch watch) throws SQLException, LoadBrokenException {
        try {
            capture.createSlot();
        } catch (SQLException e) {
            if (!SqlFailure.state(e).equals("57014")) {
                throw e;
            }
            throw new LoadBrokenException(
                    "replication slot \"" + request.slotName() + "\" could not be created within "
                            + request.slotWait().toSeconds()
                            + " s, because transactions of the source that were open before"
                            + " did not end"
                            + (watch.lastSeen().isEmpty() ? "" : ": " + String.join("; ", watch.lastSeen())),
                    "end those transactions",
                    e);
        }
    }

    private FetchResult load(LoadPlan plan) throws SQLException, LoadBrokenException, InterruptedException {
        doing = "measuring the tables of the source";
        ShardPlanner planner = new ShardPlanner(request.source().dialect(), request.splitting());
        Map<TablePlan, List<Shard>> shards = new LinkedHashMap<>();
        Map<TableName, Long> estimates = new TreeMap<>();
        for (TablePlan table : plan.tables()) {
            shards.put(table, planner.shards(table, readers.get(0)));
            estimates.put(table.name(), planner.rowsEstimated(table, readers.get(0)));
        }
        listener.loadStarted(capture.consistentPoint(), Collections.unmodifiableMap(estimates));
        doing = "opening connections to the target";
        List<Connection> targets = new ArrayList<>();
        for (int i = 0; i < readers.size(); i++) {
            targets.add(connections.add(PinnedSession.open(request.target())));
        }
        doing = "writing what is left out of the tables";
        LeftOutFile.write(request, plan, listener);
        doing = request.tableHandling() == TableHandling.DROP_ON_TARGET_AND_RECREATE
                ? "making the tables of the target"
                : "emptying the tables of the target";
        targetEmptied = request.tableHandling() != TableHandling.NONE;
        TargetPreparation.prepare(request, plan, targets.get(0));
        doing = "loading";
        load = new ParallelLoad(request, listener, connections, shards);
        load.run(readers, targets);
        Map<TableName, Long> rows = new TreeMap<>();
        long bytes = 0;
        for (Map.Entry<TableName, TableTally> entry : load.tallies().entrySet()) {
            rows.put(entry.getKey(), entry.getValue().rows());
            bytes += entry.getValue().bytes();
        }
        return new FetchResult(
                capture.consistentPoint(), rows, bytes, Duration.ofNanos(System.nanoTime() - startedNanos));
    }

    /** A server with max_slot_wal_keep_size gives up a slot that holds too much; the load would then have no continuation. */
    private void requireSlotIntact() throws SQLException, LoadBrokenException {
        if (!request.checkpoint().isTaken()) {
            return;
        }
        doing = "checking replication slot \"" + request.slotName() + "\"";
        String state = capture.slotState();
        if (state == null || state.equals("lost")) {
            throw new LoadBrokenException(
                    "replication slot \"" + request.slotName() + "\" was " + (state == null ? "dropped" : "invalidated")
                            + " while the tables were loading, so the changes since then are lost",
                    "raise max_slot_wal_keep_size on the source, and keep others from dropping the slot",
                    null);
        }
    }

    private FetchFailedException failed(String message, String hint, Throwable cause) {
        StringBuilder remedy = new StringBuilder(hint);
        remedy.append(hint.isEmpty() ? "" : ". ").append(whatTheTargetHolds());
        takeBack(Optional.of(cause)).ifPresent(left -> remedy.append(". ").append(left));
        return new FetchFailedException(stopped ? "the load was stopped" : message, remedy.toString(), cause);
    }

    private String whatTheTargetHolds() {
        List<String> arrived = new ArrayList<>();
        if (load != null) {
            load.tallies().forEach((table, tally) -> {
                if (tally.whatArrived() != null) {
                    arrived.add(table + " (" + tally.whatArrived() + ")");
                }
            });
        }
        if (arrived.isEmpty()) {
            return "The target holds no row of this load"
                    + (targetEmptied ? ", but its old rows of the selected tables may have been deleted" : "");
        }
        return "The target now holds rows of this load in " + String.join(", ", arrived)
                + ": delete them, or repeat the load with a table handling that removes them";
    }

    /** Returns what could not be taken back, and how to. */
    private Optional<String> takeBack(Optional<Throwable> cause) {
        connections.abort();
        try {
            capture.drop();
            return Optional.empty();
        } catch (SQLException e) {
            cause.ifPresent(known -> known.addSuppressed(e));
            return Optional.of("The source could not be asked to drop what the load created ("
                    + SqlFailure.describe(e)
                    + "): as long as the slot is there, the source keeps its log until the disk is full, so run"
                    + " SELECT pg_drop_replication_slot('" + request.slotName() + "'); and DROP PUBLICATION IF EXISTS "
                    + request.source().dialect().quote(request.publicationName()) + "; on the source");
        }
    }
}
