package dev.godwit.fetch.mysql;

import dev.godwit.fetch.source.CopyRows;
import java.sql.SQLException;
import java.util.List;

/** One worker's way to the sessions that see the snapshot. Used by one thread at a time. */
interface SnapshotAccess {

    CopyRows rows(RowQuery query) throws SQLException;

    /** The columns of the first row; empty if there is none. Values may be null. */
    List<String> first(String sql) throws SQLException;
}
