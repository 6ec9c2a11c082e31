package dev.godwit.apply.conflict;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Transaction;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells what a transaction touches. Two transactions that have no element in conflict give the same result in either
 * order, and in either order the target takes them, or refuses one with an error that passes when the earlier one is
 * in.
 *
 * <p>What counts are the keys of the target. Thread-safe.
 */
public final class WriteSets {
    /** A transaction with more elements is a barrier. */
    private static final int ELEMENTS_MAX = 20_000;

    private final Map<TableName, List<Elements>> elements = new HashMap<>();
    private final int rowsMax;

    /**
     * What comes with the changes.
     *
     * @param whole the tables whose updates and deletes come with the whole old row
     * @param sliced the tables of which only a part is on the target
     * @param updatesAreTold whether a change that does not say that the row is new is of a row that was there
     */
    public record Images(Set<TableName> whole, Set<TableName> sliced, boolean updatesAreTold) {}

    /**
     * @param target the catalog of the replication target
     * @param tables those that are written
     * @param rowsMax a transaction with more rows is a barrier
     */
    public WriteSets(Catalog target, Set<TableName> tables, Images images, int rowsMax) {
        this.rowsMax = rowsMax;
        Map<TableName, TableImages> imagesOf = new HashMap<>();
        for (TableName name : tables) {
            Table table = target.table(name).orElseThrow();
            TableImages known = new TableImages(
                    name,
                    images.whole().contains(name),
                    images.updatesAreTold(),
                    images.sliced().contains(name));
            imagesOf.put(name, known);
            List<Elements> ofTable = new ArrayList<>();
            ofTable.add(new PrimaryKeyElements(table));
            table.uniqueKeys().forEach(key -> ofTable.add(new UniqueKeyElements(table, key, known)));
            elements.put(name, ofTable);
        }
        for (ForeignKey key : target.foreignKeys()) {
            if (tables.contains(key.child()) && tables.contains(key.parent())) {
                Table child = target.table(key.child()).orElseThrow();
                Table parent = target.table(key.parent()).orElseThrow();
                ForeignKeyElements shared = new ForeignKeyElements(
                        key, child, parent, imagesOf.get(key.parent()).areKnown());
                elements.get(key.child()).add(new ChildElements(shared, child, imagesOf.get(key.child())));
                elements.get(key.parent()).add(new ParentElements(shared, parent, imagesOf.get(key.parent())));
            }
        }
    }

    public WriteSet of(Transaction transaction) {
        if (transaction.isSpilled() || transaction.rows() > rowsMax) {
            return WriteSet.barrier();
        }
        WriteSet.Builder set = new WriteSet.Builder(ELEMENTS_MAX);
        for (Change change : transaction.changes()) {
            if (change.operation() == Operation.TRUNCATE) {
                return WriteSet.barrier();
            }
            List<Elements> ofTable = elements.get(change.table().name());
            for (int i = 0; i < ofTable.size(); i++) {
                ofTable.get(i).add(change, set);
            }
            if (set.isBarrier()) {
                return WriteSet.barrier();
            }
        }
        return set.build();
    }
}
