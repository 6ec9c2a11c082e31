package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKeyOrder;
import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.RepairTable.Needed;
import dev.godwit.verify.repair.RepairChange;
import dev.godwit.verify.repair.RepairChange.Action;
import dev.godwit.verify.repair.RepairWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes differing rows of the target equal to the source's current rows.
 *
 * <p>A row that the applier writes between this reading and this writing would be set back. So what was written is read again, and written again
 * where it differs; only what is then still different is left.
 */
final class Repair {
    private static final int ROUNDS_MAX = 3;
    /** All of it is written in one transaction up to here: then no order of the rows can be wrong. */
    static final int ROWS_PER_TRANSACTION = 10_000;

    private final Catalog targetCatalog;
    private final List<RepairTable> tables;

    Repair(Catalog targetCatalog, List<RepairTable> tables) {
        this.targetCatalog = targetCatalog;
        this.tables = tables;
    }

    /** What has to be done now, by table as reports call it; tables with nothing to do lack. */
    Map<TableName, List<Needed>> needed() {
        Map<TableName, List<Needed>> needed = new LinkedHashMap<>();
        for (RepairTable table : tables) {
            try {
                List<Needed> rows = table.needed();
                if (!rows.isEmpty()) {
                    needed.put(table.table(), rows);
                }
            } catch (SQLException e) {
                throw new VerifyFailedException(
                        "the differing rows of " + table.table() + " cannot be read: " + e.getMessage(),
                        "mend the cause and repair again: what is equal by then is left alone",
                        e);
            }
        }
        return needed;
    }

    /** Told after each round. */
    interface Progress {
        void written(int round, int rows);
    }

    /**
     * Writes what is needed until nothing is, at most some rounds.
     *
     * @return what still differs
     */
    Map<TableName, List<Needed>> execute(Map<TableName, List<Needed>> first, RepairWriter writer, Progress progress) {
        Map<TableName, List<Needed>> needed = first;
        for (int round = 1; round <= ROUNDS_MAX && !needed.isEmpty(); round++) {
            List<RepairChange> changes = ordered(needed);
            for (int i = 0; i < changes.size(); i += ROWS_PER_TRANSACTION) {
                writer.write(changes.subList(i, Math.min(changes.size(), i + ROWS_PER_TRANSACTION)));
            }
            progress.written(round, changes.size());
            needed = needed();
        }
        return needed;
    }

    /** Upserts parents first, then deletes children first: this counts where there are more than one transaction takes. */
    private List<RepairChange> ordered(Map<TableName, List<Needed>> needed) {
        Map<TableName, List<RepairChange>> byTarget = new LinkedHashMap<>();
        needed.values().stream().flatMap(List::stream).map(Needed::change).forEach(change -> byTarget.computeIfAbsent(
                        change.table(), table -> new ArrayList<>())
                .add(change));
        ForeignKeyOrder order = ForeignKeyOrder.of(byTarget.keySet(), targetCatalog.foreignKeys());
        List<RepairChange> ordered = new ArrayList<>();
        order.parentsFirst().forEach(table -> add(byTarget.get(table), Action.UPSERT, ordered));
        order.childrenFirst().forEach(table -> add(byTarget.get(table), Action.DELETE, ordered));
        return ordered;
    }

    private static void add(List<RepairChange> changes, Action action, List<RepairChange> ordered) {
        changes.stream().filter(change -> change.action() == action).forEach(ordered::add);
    }

    /**
     * The plans for the tables of the differences.
     *
     * @throws RefusedException if a table is not selected, or its rows cannot be compared in every column
     */
    static List<RepairTable> tables(
            VerifyRequest request,
            Catalog sourceCatalog,
            Catalog targetCatalog,
            Map<TableName, List<Map<String, String>>> keys) {
        StructureCheck structure = new StructureCheck(request.source(), sourceCatalog, request.target(), targetCatalog);
        structure.run(request.pairs());
        List<RepairTable> tables = new ArrayList<>();
        keys.forEach((table, rows) -> {
            if (request.pairs().stream().noneMatch(pair -> pair.name().equals(table))) {
                throw new RefusedException(
                        "the differences name " + table + ", which is not among the selected tables",
                        "give the filters and transformations with which the differences were found");
            }
            TablePlan plan = structure
                    .plan(table)
                    .orElseThrow(() -> new RefusedException(
                            "rows of " + table + " cannot be repaired: " + structure.whyNotComparable(table),
                            "mend the structure first"));
            requireWhole(plan, request.target());
            tables.add(new RepairTable(
                    request, plan, rows.stream().map(row -> ordered(plan, row)).toList()));
        });
        return tables;
    }

    private static void requireWhole(TablePlan plan, Database target) {
        plan.columns().stream()
                .filter(column -> !column.target().type().isSupported())
                .findFirst()
                .ifPresent(column -> {
                    throw new RefusedException(
                            "rows of " + plan.table() + " cannot be repaired: type "
                                    + column.target().type() + " of column \"" + column.name()
                                    + "\" is not carried by this version",
                            "repair them by hand, or leave the table out");
                });
        if (plan.columnMismatch() > 0) {
            throw new RefusedException(
                    "rows of " + plan.table() + " cannot be repaired on " + target.url() + ": " + plan.columnMismatch()
                            + " of its columns cannot be compared",
                    "mend the structure first, as godwit verify tells it");
        }
    }

    private static List<String> ordered(TablePlan plan, Map<String, String> row) {
        List<String> key = new ArrayList<>();
        for (int column : plan.key()) {
            String name = plan.columns().get(column).name();
            String value = row.get(name);
            if (value == null || row.size() != plan.key().size()) {
                throw new RefusedException(
                        "a difference of " + plan.table() + " has the key columns " + row.keySet()
                                + ", the table has others",
                        "verify again: the table's primary key has changed since");
            }
            key.add(value);
        }
        return key;
    }
}
