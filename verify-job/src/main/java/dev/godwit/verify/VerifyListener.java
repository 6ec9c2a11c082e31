package dev.godwit.verify;

import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.TableName;
import java.util.List;

/**
 * Hears how a comparison goes on. Calls come from several threads, but never two at a time about one table; {@link #structureCompared} comes
 * before all others. A listener that blocks holds the comparison up; one that throws ends it.
 */
public interface VerifyListener {

    /** Hears nothing. */
    VerifyListener SILENT = new VerifyListener() {};

    default void structureCompared(List<StructureDifference> differences) {}

    /** Comes after {@link #structureCompared} and before the tables, with what keeps no row from being equal. */
    default void structureWarned(List<StructureDifference> warnings) {}

    default void tableStarted(TableName table) {}

    /**
     * Comes now and then.
     *
     * @param truthRows rows of the source compared so far, all of this table
     */
    default void progress(TableName table, long truthRows) {}

    /** Comes for every differing row, in key order, also for those that the report does not list. */
    default void rowDiffers(TableName table, RowDifference difference) {}

    default void tableFinished(TableReport report) {}
}
