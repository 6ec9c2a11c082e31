package dev.godwit.fetch.importinto;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is remembered of the imports of one load, in tables of the target. Files are known by their names in the store.
 *
 * <p>Methods that take a connection write within its open transaction, and neither commit nor roll back. What they say of the end of a job may be said twice.
 */
public interface ImportLedger {

    /** The job that was begun for these very files and of which no end is recorded; empty if there is none. */
    OptionalLong openJob(List<String> files) throws SQLException;

    /**
     * The job reads these files from now on. Of two transactions that say so of the same file, only one may be able to commit: where the outcome of a commit was not
     * heard, a second attempt may overtake the first.
     */
    void begun(Connection connection, long job, List<String> files) throws SQLException;

    /** Every row of the files is in the table. */
    void imported(Connection connection, long job, List<String> files) throws SQLException;

    /** Nothing of the files is in the table, and nothing will come from this job. */
    void takenBack(Connection connection, long job, List<String> files) throws SQLException;
}
