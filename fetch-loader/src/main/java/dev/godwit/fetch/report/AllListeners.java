package dev.godwit.fetch.report;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.Mismatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tells several listeners, in order. */
public record AllListeners(List<FetchListener> listeners) implements FetchListener {
    public AllListeners {
        listeners = List.copyOf(listeners);
    }

    private void tell(Consumer<FetchListener> call) {
        listeners.forEach(call);
    }

    @Override
    public void loadNamed(String fetchId) {
        tell(listener -> listener.loadNamed(fetchId));
    }

    @Override
    public void exportStarted(TableName table) {
        tell(listener -> listener.exportStarted(table));
    }

    @Override
    public void tableExported(TableName table, long rows, long bytes, Duration elapsed) {
        tell(listener -> listener.tableExported(table, rows, bytes, elapsed));
    }

    @Override
    public void importStarted(Map<TableName, Long> rows) {
        tell(listener -> listener.importStarted(rows));
    }

    @Override
    public void mismatch(Mismatch mismatch) {
        tell(listener -> listener.mismatch(mismatch));
    }

    @Override
    public void warned(String message) {
        tell(listener -> listener.warned(message));
    }

    @Override
    public void informed(String message) {
        tell(listener -> listener.informed(message));
    }

    @Override
    public void waitingForTransactions(List<String> transactions) {
        tell(listener -> listener.waitingForTransactions(transactions));
    }

    @Override
    public void snapshotTaken(String snapshotName) {
        tell(listener -> listener.snapshotTaken(snapshotName));
    }

    @Override
    public void loadStarted(String cdcCursor, Map<TableName, Long> rowsEstimated) {
        tell(listener -> listener.loadStarted(cdcCursor, rowsEstimated));
    }

    @Override
    public void tableStarted(TableName table) {
        tell(listener -> listener.tableStarted(table));
    }

    @Override
    public void progressed(TableName table, long moreRows, long moreBytes) {
        tell(listener -> listener.progressed(table, moreRows, moreBytes));
    }

    @Override
    public void tableLoaded(TableName table, long rows, long bytes, Duration elapsed) {
        tell(listener -> listener.tableLoaded(table, rows, bytes, elapsed));
    }

    @Override
    public void loadComplete(FetchResult result) {
        tell(listener -> listener.loadComplete(result));
    }
}
