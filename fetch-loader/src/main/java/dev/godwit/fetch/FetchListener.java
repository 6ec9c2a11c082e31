package dev.godwit.fetch;

import dev.godwit.database.catalog.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Hears how a load goes on. Calls come from several threads but never two at a time; they hold up the load, so they should return soon.
 */
public interface FetchListener {

    /** The load has a name now, by which it can be continued. */
    default void loadNamed(String fetchId) {}

    /** Source and target differ. Comes before anything is written; if the load is refused for it, the refusal follows. */
    default void mismatch(Mismatch mismatch) {}

    /** Something that does not stop the load, but that the user should know. */
    default void warned(String message) {}

    /** Something that was done and that the user may look for. */
    default void informed(String message) {}

    /**
     * The slot waits for transactions that were open when it was asked for. Repeated every few seconds while it waits.
     *
     * @param transactions one text for each, with process id, user and start
     */
    default void waitingForTransactions(List<String> transactions) {}

    /**
     * The snapshot of the load may be imported by others until this call returns, for example to compare with it after the load.
     *
     * @param snapshotName for {@code SET TRANSACTION SNAPSHOT} on the source
     */
    default void snapshotTaken(String snapshotName) {}

    /**
     * Slot and snapshot are there; loading begins.
     *
     * @param rowsEstimated for each table of the load the source planner's guess, which may be far off
     */
    default void loadStarted(String cdcCursor, Map<TableName, Long> rowsEstimated) {}

    /** Rows of the table begin to travel into the target. */
    default void tableStarted(TableName table) {}

    /** Rows of the table begin to travel into files. */
    default void exportStarted(TableName table) {}

    /** All rows of the table are in whole files. */
    default void tableExported(TableName table, long rows, long bytes, Duration elapsed) {}

    /**
     * All files are whole; from now on {@link #tableStarted}, {@link #progressed} and {@link #tableLoaded} tell of their import.
     *
     * @param rows of the tables whose files are still to be imported
     */
    default void importStarted(Map<TableName, Long> rows) {}

    /** What went through since the last call for this table. Part of it may not be committed yet. */
    default void progressed(TableName table, long moreRows, long moreBytes) {}

    /** All rows of the table are committed on the target. */
    default void tableLoaded(TableName table, long rows, long bytes, Duration elapsed) {}

    default void loadComplete(FetchResult result) {}
}
