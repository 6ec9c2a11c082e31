package dev.godwit.fetch.source;

import dev.godwit.fetch.plan.TablePlan;
import java.sql.SQLException;

/** One worker's way to the snapshot. Used by one thread at a time. */
public interface SourceReader {

    /**
     * @param range a further condition on the rows, as {@link LoadSource#ranges} has given it; empty for the whole slice
     * @return the rows; the caller closes them before it asks for anything else
     */
    CopyRows rows(TablePlan table, String range) throws SQLException;

    /** How many rows the slice has in the snapshot. */
    long count(TablePlan table) throws SQLException;
}
