package dev.godwit.verify;

import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.TableName;
import java.util.List;

/** Tells several listeners, in their order. */
final class AllListeners implements VerifyListener {
    private final List<VerifyListener> listeners;

    AllListeners(List<? extends VerifyListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void structureCompared(List<StructureDifference> differences) {
        listeners.forEach(listener -> listener.structureCompared(differences));
    }

    @Override
    public void structureWarned(List<StructureDifference> warnings) {
        listeners.forEach(listener -> listener.structureWarned(warnings));
    }

    @Override
    public void tableStarted(TableName table) {
        listeners.forEach(listener -> listener.tableStarted(table));
    }

    @Override
    public void progress(TableName table, long truthRows) {
        listeners.forEach(listener -> listener.progress(table, truthRows));
    }

    @Override
    public void rowDiffers(TableName table, RowDifference difference) {
        listeners.forEach(listener -> listener.rowDiffers(table, difference));
    }

    @Override
    public void tableFinished(TableReport report) {
        listeners.forEach(listener -> listener.tableFinished(report));
    }
}
