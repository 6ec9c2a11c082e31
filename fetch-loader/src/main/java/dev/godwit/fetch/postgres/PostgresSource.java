package dev.godwit.fetch.postgres;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.plan.LoadPlan;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.schema.SequenceValues;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.session.PinnedSession;
import dev.godwit.fetch.session.SqlFailure;
import dev.godwit.fetch.shard.RowSizes;
import dev.godwit.fetch.shard.Shard;
import dev.godwit.fetch.shard.ShardPlanner;
import dev.godwit.fetch.snapshot.Capture;
import dev.godwit.fetch.snapshot.Leftovers;
import dev.godwit.fetch.snapshot.LoadLock;
import dev.godwit.fetch.snapshot.SlotWatch;
import dev.godwit.fetch.snapshot.SnapshotHold;
import dev.godwit.fetch.snapshot.SnapshotReader;
import dev.godwit.fetch.snapshot.TableLocks;
import dev.godwit.fetch.source.LedgerTables;
import dev.godwit.fetch.source.LoadSource;
import dev.godwit.fetch.source.RowRoom;
import dev.godwit.fetch.source.SnapshotGone;
import dev.godwit.fetch.source.SourceContext;
import dev.godwit.fetch.source.SourceReader;
import dev.godwit.fetch.state.LoadState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Brings a PostgreSQL source to where all connections share one snapshot: a new one, or the one that an earlier run has left. */
public final class PostgresSource implements LoadSource {
    private final FetchRequest request;
    private final FetchListener listener;
    private final SourceContext context;
    private final Consumer<String> doing;
    private final Capture capture;
    private final List<PgReader> readers = new ArrayList<>();
    private List<TableName> tables = List.of();
    private Optional<SnapshotHold> held = Optional.empty();

    public PostgresSource(SourceContext context) {
        this.context = context;
        this.request = context.request();
        this.listener = context.listener();
        this.doing = context.doing();
        this.capture = new Capture(request);
    }

    @Override
    @SuppressWarnings("try") // the locks work by being there
    public Begun begin(LoadPlan plan) throws SQLException, LoadBrokenException {
        tables = plan.names();
        doing.accept("locking the tables of the source against changes of their structure");
        try (TableLocks locks = TableLocks.take(request, tables)) {
            requireUnchanged(plan);
            doing.accept("creating the schema " + LedgerSchema.SCHEMA + " on the target");
            LedgerTables.create(request.target());
            lock();
            if (request.checkpoint().isTaken()) {
                createCheckpoint(plan);
            } else {
                doing.accept("exporting a snapshot");
                capture.exportSnapshot();
            }
            doing.accept("opening connections that share the snapshot");
            if (request.continuation().possible()) {
                hold(capture.snapshotName());
            }
            openReaders(capture.snapshotName());
            listener.snapshotTaken(capture.snapshotName());
            capture.releaseSnapshot();
        }
        return new Begun(capture.consistentPoint(), held.map(SnapshotHold::snapshotName));
    }

    private void lock() throws SQLException {
        context.connections()
                .add(LoadLock.take(request.source(), context.fetchId()).connection());
    }

    private void hold(String exported) throws SQLException {
        held = Optional.of(SnapshotHold.take(
                request.source(),
                context.fetchId(),
                exported,
                tables,
                request.checkpoint().isTaken() ? Optional.of(request.slotName()) : Optional.empty(),
                request.continuation().keep()));
    }

    private void openReaders(String snapshotName) throws SQLException {
        for (int i = 0; i < request.concurrency(); i++) {
            readers.add(openReader(snapshotName));
        }
    }

    private PgReader openReader(String snapshotName) throws SQLException {
        SnapshotReader reader = SnapshotReader.open(request.source(), context.fetchId(), snapshotName, tables);
        context.connections().add(reader.connection());
        return new PgReader(request.source().dialect(), reader);
    }

    @Override
    public SourceReader reader(int worker) {
        return pgReader(worker);
    }

    private PgReader pgReader(int worker) {
        synchronized (readers) {
            return readers.get(worker);
        }
    }

    @Override
    public boolean reopen(int worker) {
        if (held.isEmpty()) {
            return false;
        }
        try {
            PgReader reader = openReader(held.get().snapshotName());
            synchronized (readers) {
                readers.set(worker, reader);
            }
            return true;
        } catch (SQLException e) {
            return false; // the loss itself is what is told
        }
    }

    @Override
    public Optional<String> takeOver(LoadPlan plan, LoadState state) throws SQLException {
        tables = plan.names();
        doing.accept("taking over the snapshot of the earlier run");
        lock();
        String snapshot = state.snapshot().orElseThrow(() -> gone(state, "it was begun without keeping one"));
        try {
            openReaders(snapshot);
        } catch (SQLException e) {
            if (SqlFailure.isConnectionLost(e)) {
                throw e;
            }
            throw gone(state, SqlFailure.describe(e));
        }
        if (request.checkpoint().isTaken()) {
            String slot = capture.slotState();
            if (slot == null || slot.equals("lost")) {
                throw gone(
                        state,
                        "its replication slot \"" + request.slotName() + "\" is " + (slot == null ? "gone" : "lost"));
            }
        }
        if (!request.continuation().possible()) {
            return state.snapshot();
        }
        hold(snapshot);
        return held.map(SnapshotHold::snapshotName);
    }

    /** Before, a crash would leave two holds, and either serves. */
    @Override
    public void tookOver() throws SQLException {
        if (held.isPresent()) {
            held.get().endOthers();
        }
    }

    private ShardPlanner planner() {
        return new ShardPlanner(request.source().dialect(), request.splitting());
    }

    @Override
    public List<String> ranges(TablePlan table) throws SQLException {
        return planner().shards(table, pgReader(0).snapshot()).stream()
                .map(Shard::range)
                .toList();
    }

    @Override
    public long rowsEstimated(TablePlan table) throws SQLException {
        return planner().rowsEstimated(table, pgReader(0).snapshot());
    }

    @Override
    public long longestRow(TablePlan table) throws SQLException {
        return new RowSizes(request.source().dialect(), RowRoom.bytesMax(), request.concurrency())
                .longest(table, pgReader(0).snapshot());
    }

    @Override
    public void release(Optional<String> heldBefore) throws SQLException {
        synchronized (readers) {
            for (PgReader reader : readers) {
                try {
                    reader.snapshot().close();
                } catch (SQLException e) {
                    // It has nothing to say any more.
                }
            }
        }
        SnapshotHold.endAll(request.source(), context.fetchId());
    }

    /** A server with max_slot_wal_keep_size gives up a slot that holds too much; the load would then have no continuation. */
    @Override
    public void requireIntact() throws SQLException, LoadBrokenException {
        if (!request.checkpoint().isTaken()) {
            return;
        }
        doing.accept("checking replication slot \"" + request.slotName() + "\"");
        String state = capture.slotState();
        if (state == null || state.equals("lost")) {
            throw new LoadBrokenException(
                    "replication slot \"" + request.slotName() + "\" was " + (state == null ? "dropped" : "invalidated")
                            + " while the tables were loading, so the changes since then are lost",
                    "raise max_slot_wal_keep_size on the source, and keep others from dropping the slot",
                    null);
        }
    }

    @Override
    public List<String> sequences(LoadPlan plan) throws SQLException {
        Map<TableName, MappedTable> mappings = new HashMap<>();
        plan.tables().forEach(table -> mappings.put(table.name(), table.mapping()));
        try (Connection source = PinnedSession.open(request.source())) {
            return SequenceValues.read(
                    source,
                    request.target().dialect(),
                    plan.tables().stream().map(TablePlan::table).toList(),
                    mappings);
        }
    }

    @Override
    public void cancel() {
        capture.cancel();
    }

    @Override
    public void drop() throws SQLException {
        SnapshotHold.endAll(request.source(), context.fetchId());
        capture.drop();
    }

    @Override
    public String toGiveUp() {
        return request.checkpoint().isTaken()
                ? "run SELECT pg_drop_replication_slot('" + request.slotName() + "'); and DROP PUBLICATION IF EXISTS "
                        + request.source().dialect().quote(request.publicationName())
                        + "; on the source: as long as the slot is there, the source keeps its log until the disk is full"
                : "";
    }

    @Override
    public String kept() {
        return "within " + request.continuation().keep().toMinutes()
                + " minutes, for so long the source keeps the snapshot";
    }

    private RefusedException gone(LoadState state, String why) {
        String slot = request.checkpoint().isTaken()
                ? "run SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                        + request.slotName() + "'; and DROP PUBLICATION IF EXISTS "
                        + request.source().dialect().quote(request.publicationName()) + "; on the source, "
                : "";
        return SnapshotGone.refusal(state.fetchId(), why, slot);
    }

    private void createCheckpoint(LoadPlan plan) throws SQLException, LoadBrokenException {
        doing.accept("creating the schema " + LedgerSchema.SCHEMA + " on the source");
        LedgerTables.create(request.source());
        if (request.checkpoint().dropAndRecreate()) {
            doing.accept("dropping publication and replication slot");
            listener.informed("dropping and recreating publication " + request.publicationName()
                    + " and replication slot " + request.slotName());
            Leftovers.dropSlot(request.source(), request.slotName());
            Leftovers.dropPublication(request.source(), request.publicationName());
        }
        doing.accept("creating publication \"" + request.publicationName() + "\"");
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

    private void createSlot() throws SQLException, LoadBrokenException {
        doing.accept("creating replication slot \"" + request.slotName() + "\"");
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
}
