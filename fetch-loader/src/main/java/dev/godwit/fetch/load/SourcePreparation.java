package dev.godwit.fetch.load;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.plan.LoadPlan;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.session.SqlFailure;
import dev.godwit.fetch.snapshot.Capture;
import dev.godwit.fetch.snapshot.Leftovers;
import dev.godwit.fetch.snapshot.LoadLock;
import dev.godwit.fetch.snapshot.SlotWatch;
import dev.godwit.fetch.snapshot.SnapshotHold;
import dev.godwit.fetch.snapshot.TableLocks;
import dev.godwit.fetch.state.LoadState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Brings the source to where all connections share one snapshot: a new one, or the one that an earlier run has left. */
final class SourcePreparation {
    private final FetchRequest request;
    private final FetchListener listener;
    private final Capture capture;
    private final LoadSession session;
    private final Phrase doing;

    SourcePreparation(
            FetchRequest request, FetchListener listener, Capture capture, LoadSession session, Phrase doing) {
        this.request = request;
        this.listener = listener;
        this.capture = capture;
        this.session = session;
        this.doing = doing;
    }

    /** Returns who holds the snapshot for a continuation, if one is wanted. */
    @SuppressWarnings("try") // the locks work by being there
    Optional<SnapshotHold> prepare(LoadPlan plan) throws SQLException, LoadBrokenException {
        doing.is("locking the tables of the source against changes of their structure");
        try (TableLocks locks = TableLocks.take(request, plan.names())) {
            requireUnchanged(plan);
            doing.is("creating the schema " + LedgerSchema.SCHEMA + " on the target");
            createLedger(request.target());
            lock();
            if (request.checkpoint().isTaken()) {
                createCheckpoint(plan);
            } else {
                doing.is("exporting a snapshot");
                capture.exportSnapshot();
            }
            doing.is("opening connections that share the snapshot");
            Optional<SnapshotHold> hold = request.continuation().possible()
                    ? Optional.of(hold(plan, capture.snapshotName()))
                    : Optional.empty();
            session.openReaders(capture.snapshotName());
            listener.snapshotTaken(capture.snapshotName());
            capture.releaseSnapshot();
            return hold;
        }
    }

    private void lock() throws SQLException {
        session.connections()
                .add(LoadLock.take(request.source(), session.ledger().fetchId()).connection());
    }

    private SnapshotHold hold(LoadPlan plan, String exported) throws SQLException {
        SnapshotHold hold = SnapshotHold.take(
                request.source(),
                session.ledger().fetchId(),
                exported,
                plan.names(),
                request.checkpoint().isTaken() ? Optional.of(request.slotName()) : Optional.empty(),
                request.continuation().keep());
        session.holds(hold.snapshotName());
        return hold;
    }

    /** @throws RefusedException if the snapshot of the earlier run is gone: rows of another would not go together with those that are in */
    void takeOver(LoadPlan plan, LoadState state) throws SQLException {
        doing.is("taking over the snapshot of the earlier run");
        lock();
        String snapshot = state.snapshot().orElseThrow(() -> gone(state, "it was begun without keeping one"));
        try {
            session.openReaders(snapshot);
        } catch (SQLException e) {
            if (SqlFailure.isConnectionLost(e)) {
                throw e;
            }
            throw gone(state, SqlFailure.describe(e));
        }
        if (request.continuation().possible()) {
            SnapshotHold hold = hold(plan, snapshot);
            session.ledger().snapshotIs(Optional.of(hold.snapshotName()));
            // From here on the name of the old one is nowhere needed; before, a crash would leave both, and either
            // serves.
            hold.endOthers();
        }
        if (request.checkpoint().isTaken()) {
            String slot = capture.slotState();
            if (slot == null || slot.equals("lost")) {
                throw gone(
                        state,
                        "its replication slot \"" + request.slotName() + "\" is " + (slot == null ? "gone" : "lost"));
            }
        }
    }

    private RefusedException gone(LoadState state, String why) {
        String slot = request.checkpoint().isTaken()
                ? "run SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                        + request.slotName() + "'; and DROP PUBLICATION IF EXISTS "
                        + request.source().dialect().quote(request.publicationName()) + "; on the source, "
                : "";
        return new RefusedException(
                "load " + state.fetchId()
                        + " cannot be continued: rows are still to be read, and the snapshot that the others come from is"
                        + " gone (" + why + ")",
                slot
                        + "then load anew, with --table-handling truncate-if-exists, or after deleting the rows that have come;"
                        + " nothing was written");
    }

    private void createCheckpoint(LoadPlan plan) throws SQLException, LoadBrokenException {
        doing.is("creating the schema " + LedgerSchema.SCHEMA + " on the source");
        createLedger(request.source());
        if (request.checkpoint().dropAndRecreate()) {
            doing.is("dropping publication and replication slot");
            listener.informed("dropping and recreating publication " + request.publicationName()
                    + " and replication slot " + request.slotName());
            Leftovers.dropSlot(request.source(), request.slotName());
            Leftovers.dropPublication(request.source(), request.publicationName());
        }
        doing.is("creating publication \"" + request.publicationName() + "\"");
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

    static void createLedger(Database database) throws SQLException {
        try (Connection connection = database.open()) {
            LedgerSchema.create(connection);
        }
    }

    private void createSlot() throws SQLException, LoadBrokenException {
        doing.is("creating replication slot \"" + request.slotName() + "\"");
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
