package dev.godwit.fetch.schema;

import java.sql.Connection;
import java.sql.SQLException;

/** Tables of the target that are dropped and made anew from those of the source. Immutable. */
public interface RecreatedTables {

    /**
     * Drops the tables where they are, and makes them. One transaction: after an exception the target is as it was. On CockroachDB each statement is one, so that
     * tables may be missing then; it may be run again. A foreign key from a table that is not among them makes the server refuse the drop.
     */
    void make(Connection connection) throws SQLException;

    /** SQL for a file that finishes the tables after the load: one statement a line, with comments where something cannot be made. */
    String leftOut();
}
