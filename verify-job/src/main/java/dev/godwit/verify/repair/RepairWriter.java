package dev.godwit.verify.repair;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.util.List;
import java.util.Map;

/** Writes repairs as Godwit's own, so that replication in the other direction does not carry them back. Used by one thread. */
public interface RepairWriter extends AutoCloseable {

    /**
     * Writes all changes in one transaction of the target, in the order that foreign keys need; durable on return.
     *
     * @param changes no key of a table twice
     * @throws RefusedException if the target does not take them; then none of them is written
     */
    void write(List<RepairChange> changes);

    @Override
    void close();

    /** Opens writers. */
    interface Factory {
        /**
         * @param catalog of the target
         * @param domain under which the ledger records what is written
         * @param slices by table of the target: only rows of the slice are deleted
         * @throws RefusedException if the target cannot be written to
         */
        RepairWriter open(Database target, Catalog catalog, String domain, Map<TableName, RowFilter> slices);
    }
}
