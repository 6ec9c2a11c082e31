package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.StructureComparison;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.selection.RowCondition;
import dev.godwit.verify.value.KeyOrder;
import dev.godwit.verify.value.ValueRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares the structure of the tables of a request, and plans for each how its rows can be compared, or says why they cannot. */
final class StructureCheck {
    /** As StructureComparison words it. */
    static final String MISSING_ON_TARGET = "missing on the target";

    static final String MISSING_ON_SOURCE = "missing on the source";

    private final Database source;
    private final Database target;
    private final Catalog sourceCatalog;
    private final Catalog targetCatalog;
    private final List<StructureDifference> differences = new ArrayList<>();
    private final Map<TableName, TablePlan> plans = new LinkedHashMap<>();

    /** A reason why the rows of a table cannot be compared. Never leaves this class. */
    private static final class NotComparable extends Exception {
        private static final long serialVersionUID = 1L;

        NotComparable(String reason) {
            super(reason);
        }
    }

    private final Map<TableName, String> notComparable = new LinkedHashMap<>();

    StructureCheck(Database source, Catalog sourceCatalog, Database target, Catalog targetCatalog) {
        this.source = source;
        this.target = target;
        this.sourceCatalog = visible(sourceCatalog);
        this.targetCatalog = visible(targetCatalog);
    }

    /** Hidden columns, CockroachDB's {@code rowid} for one, belong to the database and not to the data. */
    private static Catalog visible(Catalog catalog) {
        return new Catalog(
                catalog.tables().values().stream().map(StructureCheck::visible).toList(), catalog.foreignKeys());
    }

    private static Table visible(Table table) {
        List<Column> columns =
                table.columns().stream().filter(column -> !column.hidden()).toList();
        boolean keyHidden = table.primaryKeyColumns().stream().anyMatch(Column::hidden);
        return new Table(
                table.name(),
                columns,
                keyHidden ? List.of() : table.primaryKey(),
                table.uniqueKeys(),
                table.replicaIdentity());
    }

    /** @throws RefusedException if a table is on neither side */
    void run(List<TablePair> pairs) {
        for (TablePair pair : pairs) {
            PairedTables tables = PairedTables.of(pair, sourceCatalog, targetCatalog);
            if (tables.source().isEmpty()) {
                if (tables.target().isEmpty()) {
                    throw new RefusedException(
                            "there is no table " + pair.name() + ", neither on the source nor on the target",
                            "check the name; case counts");
                }
                differences.add(new StructureDifference(pair.name(), null, MISSING_ON_SOURCE));
            }
            differences.addAll(tables.mergeDifferences());
            tables.source()
                    .ifPresent(table -> StructureComparison.compare(List.of(table), tables.targetCatalog()).stream()
                            .filter(difference -> !isOnlyNotCarried(difference, tables))
                            .forEach(differences::add));
            try {
                plans.put(pair.name(), plan(tables));
            } catch (NotComparable e) {
                notComparable.put(pair.name(), e.getMessage());
            }
        }
    }

    /** A type that cannot be moved from one side to the other can be compared, if both have the same one. */
    private boolean isOnlyNotCarried(StructureDifference difference, PairedTables tables) {
        if (difference.column() == null) {
            return false;
        }
        Optional<Column> here = tables.source().flatMap(table -> table.column(difference.column()));
        Optional<Column> there = tables.target().flatMap(table -> table.column(difference.column()));
        return here.isPresent()
                && there.isPresent()
                && difference.equals(StructureComparison.notCarried(difference.table(), here.get()))
                && ValueRule.exists(
                        source.product(),
                        here.get().type(),
                        target.product(),
                        there.get().type());
    }

    /** Empty if there is no difference. */
    List<StructureDifference> differences() {
        return List.copyOf(differences);
    }

    /** Empty if the rows cannot be compared. */
    Optional<TablePlan> plan(TableName table) {
        return Optional.ofNullable(plans.get(table));
    }

    String whyNotComparable(TableName table) {
        return notComparable.get(table);
    }

    private TablePlan plan(PairedTables tables) throws NotComparable {
        TablePair pair = tables.pair();
        if (!tables.mergeDifferences().isEmpty()) {
            throw new NotComparable("the tables to merge are not of the same structure");
        }
        Table sourceTable = require(tables.source(), "source");
        Table targetTable = require(tables.target(), "target");
        Table realTarget = tables.realTarget().orElseThrow();
        requireSameKey(sourceTable, targetTable);
        requireFilterColumns(pair, realTarget);
        List<ComparedColumn> columns = new ArrayList<>();
        int columnMismatch = 0;
        for (Column column : sourceTable.columns()) {
            Optional<Column> other = targetTable.column(column.name());
            if (other.isPresent()
                    && ValueRule.exists(
                            source.product(),
                            column.type(),
                            target.product(),
                            other.get().type())) {
                columns.add(new ComparedColumn(
                        column,
                        realTarget.requireColumn(pair.targetColumn(column.name())),
                        ValueRule.between(
                                source.product(),
                                column.type(),
                                target.product(),
                                other.get().type())));
            } else {
                columnMismatch++;
            }
        }
        for (Column column : targetTable.columns()) {
            columnMismatch += sourceTable.column(column.name()).isEmpty() ? 1 : 0;
        }
        List<Integer> key = new ArrayList<>();
        List<KeyOrder> keyOrder = new ArrayList<>();
        for (Column column : sourceTable.primaryKeyColumns()) {
            key.add(position(columns, column));
            keyOrder.add(order(pair.name(), column, targetTable.requireColumn(column.name())));
        }
        return new TablePlan(
                pair,
                columns,
                key,
                keyOrder,
                columnMismatch,
                tables.sourceRelation(source.dialect()),
                target.dialect().quote(pair.target()));
    }

    private static Table require(Optional<Table> table, String side) throws NotComparable {
        return table.orElseThrow(() -> new NotComparable("the table is missing on the " + side));
    }

    private void requireSameKey(Table sourceTable, Table targetTable) throws NotComparable {
        if (sourceTable.primaryKey().isEmpty() && targetTable.primaryKey().isEmpty()) {
            // Both the same, and so no difference to StructureComparison.
            differences.add(new StructureDifference(
                    sourceTable.name(), null, "no primary key, neither on the source nor on the target"));
        }
        if (sourceTable.primaryKey().isEmpty()
                || !new HashSet<>(sourceTable.primaryKey()).equals(new HashSet<>(targetTable.primaryKey()))) {
            throw new NotComparable("rows are told apart by the primary key, and the two sides have not the same one");
        }
    }

    private static void requireFilterColumns(TablePair pair, Table targetTable) throws NotComparable {
        Set<String> needed = pair.targetRows()
                .flatMap(RowCondition::filter)
                .map(RowFilter::columns)
                .orElse(Set.of());
        for (String column : needed) {
            if (targetTable.column(column).isEmpty()) {
                throw new NotComparable("the row filter needs column \"" + column + "\", which the target has not");
            }
        }
    }

    private static int position(List<ComparedColumn> columns, Column column) throws NotComparable {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column.name())) {
                return i;
            }
        }
        throw new NotComparable("the key column \"" + column.name() + "\" has types that do not go together");
    }

    private KeyOrder order(TableName table, Column column, Column targetColumn) throws NotComparable {
        Optional<KeyOrder> order = KeyOrder.of(source.product(), column.type(), target.product(), targetColumn.type());
        if (order.isEmpty()) {
            String reason = "keys of type " + column.type() + " have no order that both sides share";
            differences.add(new StructureDifference(table, column.name(), reason));
            throw new NotComparable(reason);
        }
        return order.get();
    }
}
