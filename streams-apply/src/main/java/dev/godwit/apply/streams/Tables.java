package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyConfig.Format;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.decode.CapturedTable;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.ForeignKeyOrder;
import dev.godwit.database.catalog.StructureComparison;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The catalogs of both sides, checked to fit. */
record Tables(Catalog targetCatalog, Map<TableName, CapturedTable> captured) {

    /** @throws RefusedException if a table is missing, has no primary key, or does not fit its counterpart */
    static Tables read(ApplyConfig config) {
        LoadedPlaceCheck.check(config);
        Catalog source = source(config);
        Catalog target = LeftOutColumns.without(catalog(config.replicationTarget()), config.slices(), "target");
        Position knownSince =
                position(config); // behind the catalogs: a row that is younger was written with these columns
        List<Table> sourceTables = new ArrayList<>();
        for (TableSlice slice : config.slices()) {
            Table table = source.table(slice.table())
                    .orElseThrow(() -> new RefusedException(
                            "table " + slice.table() + " is missing on the replication source, "
                                    + config.replicationSource().url(),
                            "check the names of the phase's tables"));
            if (table.primaryKey().isEmpty()) {
                throw new RefusedException(
                        "table " + table + " has no primary key, so its rows cannot be told apart",
                        "add a primary key, or leave the table out of the phase");
            }
            sourceTables.add(table);
        }
        List<StructureDifference> differences =
                switch (config.format()) {
                    case DEBEZIUM_POSTGRESQL, DEBEZIUM_MYSQL -> StructureComparison.compare(sourceTables, target);
                    case CHANGEFEED -> StructureComparison.compareForReturn(sourceTables, target);
                };
        if (!differences.isEmpty()) {
            throw new RefusedException(
                    "the tables of replication source and target do not fit: "
                            + differences.stream()
                                    .map(StructureDifference::toString)
                                    .collect(Collectors.joining("; ")),
                    "make both sides equal, or ignore a column that only one side has (--ignore-column, apply.ignore-columns)");
        }
        refuseCycles(sourceTables, target);
        Map<TableName, CapturedTable> captured = new HashMap<>();
        for (TableSlice slice : config.slices()) {
            Table table = source.table(slice.table()).orElseThrow();
            captured.put(
                    table.name(),
                    new CapturedTable(table, target.table(table.name()).orElseThrow(), slice.leftOut(), knownSince));
        }
        return new Tables(target, captured);
    }

    /** What the replication source has now, without the columns that are ignored. */
    static Catalog source(ApplyConfig config) {
        return LeftOutColumns.without(catalog(config.replicationSource()), config.slices(), "source");
    }

    /** Of some of the tables alone. */
    Tables only(Set<TableName> some) {
        Map<TableName, CapturedTable> theirs = new HashMap<>(captured);
        theirs.keySet().retainAll(some);
        return new Tables(targetCatalog, theirs);
    }

    /** Whether nothing has changed that an applier goes by. */
    boolean isSame(Tables other) {
        return targetTables().equals(other.targetTables())
                && sourceTables().equals(other.sourceTables())
                && Set.copyOf(targetCatalog.foreignKeys()).equals(Set.copyOf(other.targetCatalog.foreignKeys()));
    }

    Set<Table> sourceTables() {
        return captured.values().stream().map(CapturedTable::sourceTable).collect(Collectors.toSet());
    }

    private Set<Table> targetTables() {
        return captured.values().stream().map(CapturedTable::targetTable).collect(Collectors.toSet());
    }

    /** The tables whose updates and deletes come with the whole old row. */
    Set<TableName> withOldRows(Format format) {
        return switch (format) {
            case CHANGEFEED -> captured.keySet(); // WITH diff
            case DEBEZIUM_POSTGRESQL, DEBEZIUM_MYSQL ->
                captured.values().stream()
                        .filter(CapturedTable::hasOldRows)
                        .map(table -> table.targetTable().name())
                        .collect(Collectors.toSet());
        };
    }

    /** A circle can be written if one of its foreign keys may be checked at the end, or be NULL for a while. */
    private static void refuseCycles(List<Table> tables, Catalog target) {
        List<ForeignKey> strict = target.foreignKeys().stream()
                .filter(key -> !key.deferrable())
                .filter(key -> key.childColumns().stream().noneMatch(column -> target.table(key.child())
                        .orElseThrow()
                        .requireColumn(column)
                        .nullable()))
                .toList();
        ForeignKeyOrder order =
                ForeignKeyOrder.of(tables.stream().map(Table::name).toList(), strict);
        if (!order.inCycles().isEmpty()) {
            throw new RefusedException(
                    "foreign keys on the replication target form a circle over " + order.inCycles()
                            + ", in which no column takes NULL",
                    "make one of them DEFERRABLE, or drop it until cut-over");
        }
    }

    private static Position position(ApplyConfig config) {
        try {
            return SourcePosition.now(config.replicationSource(), config.format());
        } catch (SQLException e) {
            throw new RefusedException(
                    "cannot read the position of the " + config.replicationSource() + ": " + e.getMessage(),
                    "check that the user may ask for it (MySQL: GRANT REPLICATION CLIENT)",
                    e);
        }
    }

    private static Catalog catalog(Database database) {
        try {
            return database.catalog();
        } catch (SQLException e) {
            throw new RefusedException(
                    "cannot read the catalog of the " + database + ": " + e.getMessage(),
                    "check that the user may read the tables' definitions",
                    e);
        }
    }
}
