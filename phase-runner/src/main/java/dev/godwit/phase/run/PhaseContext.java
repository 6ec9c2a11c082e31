package dev.godwit.phase.run;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.file.TableEntry;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepLog;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the steps of one phase share. Not thread-safe. */
final class PhaseContext implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PhaseContext.class);

    final PhaseFile file;
    final Database source;
    final Database target;
    final Replication forward;
    final Replication failback;
    /** Of the load, from which forward replication goes on. */
    final String slot;

    final String publication;

    private final UserActions actions;
    private final List<TableSlice> slices;
    private HeldSnapshot heldSnapshot;

    /**
     * Reads the source's catalog.
     *
     * @throws dev.godwit.database.RefusedException if a table is missing or a filter does not fit it
     */
    PhaseContext(
            PhaseFile file,
            Database source,
            Database target,
            UserActions actions,
            ForwardReplication forward,
            FailbackReplication failback)
            throws SQLException {
        this.file = file;
        this.source = source;
        this.target = target;
        this.actions = actions;
        this.forward = forward;
        this.failback = failback;
        this.slot = forward.slot();
        this.publication = forward.publication();
        this.slices = slices(file, source);
    }

    static List<TableSlice> slices(PhaseFile file, Database source) throws SQLException {
        Catalog catalog = source.catalog();
        return file.tables().stream().map(entry -> entry.slice(catalog)).toList();
    }

    List<TableSlice> slices() {
        return slices;
    }

    List<TableName> tables() {
        return file.tables().stream().map(TableEntry::name).toList();
    }

    /** @throws NotConfirmedException if the user has not done it yet */
    void confirm(UserAction action) throws InterruptedException {
        if (!actions.perform(action)) {
            throw new NotConfirmedException(action);
        }
    }

    void hold(HeldSnapshot snapshot) {
        releaseSnapshot();
        heldSnapshot = snapshot;
    }

    /** Null if there is none, or not any more. */
    HeldSnapshot heldSnapshot() {
        if (heldSnapshot != null && !heldSnapshot.isAlive()) {
            releaseSnapshot();
        }
        return heldSnapshot;
    }

    void releaseSnapshot() {
        if (heldSnapshot != null) {
            try {
                heldSnapshot.close();
            } catch (SQLException e) {
                LOG.info("the connection that held the snapshot did not close cleanly", e);
            }
            heldSnapshot = null;
        }
    }

    @Override
    public void close() {
        releaseSnapshot();
        forward.stopApplying();
        failback.stopApplying();
    }

    /** Puts back what step 2 has changed of the target. May be repeated. */
    void putBackGcTtl() throws SQLException {
        new GcTtl(target, tables())
                .putBack(StepLog.read(target, file.fullName())
                        .get(PhaseStep.PREPARE_TARGET)
                        .evidence());
    }
}
