package dev.godwit.fetch.report;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.Mismatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Passes calls on one at a time. */
public final class SerialListener implements FetchListener {
    private final FetchListener listener;

    public SerialListener(FetchListener listener) {
        this.listener = listener;
    }

    @Override
    public synchronized void loadNamed(String fetchId) {
        listener.loadNamed(fetchId);
    }

    @Override
    public synchronized void exportStarted(TableName table) {
        listener.exportStarted(table);
    }

    @Override
    public synchronized void tableExported(TableName table, long rows, long bytes, Duration elapsed) {
        listener.tableExported(table, rows, bytes, elapsed);
    }

    @Override
    public synchronized void importStarted(Map<TableName, Long> rows) {
        listener.importStarted(rows);
    }

    @Override
    public synchronized void mismatch(Mismatch mismatch) {
        listener.mismatch(mismatch);
    }

    @Override
    public synchronized void warned(String message) {
        listener.warned(message);
    }

    @Override
    public synchronized void informed(String message) {
        listener.informed(message);
    }

    @Override
    public synchronized void waitingForTransactions(List<String> transactions) {
        listener.waitingForTransactions(transactions);
    }

    @Override
    public synchronized void snapshotTaken(String snapshotName) {
        listener.snapshotTaken(snapshotName);
    }

    @Override
    public synchronized void loadStarted(String cdcCursor, Map<TableName, Long> rowsEstimated) {
        listener.loadStarted(cdcCursor, rowsEstimated);
    }

    @Override
    public synchronized void tableStarted(TableName table) {
        listener.tableStarted(table);
    }

    @Override
    public synchronized void progressed(TableName table, long moreRows, long moreBytes) {
        listener.progressed(table, moreRows, moreBytes);
    }

    @Override
    public synchronized void tableLoaded(TableName table, long rows, long bytes, Duration elapsed) {
        listener.tableLoaded(table, rows, bytes, elapsed);
    }

    @Override
    public synchronized void loadComplete(FetchResult result) {
        listener.loadComplete(result);
    }
}
