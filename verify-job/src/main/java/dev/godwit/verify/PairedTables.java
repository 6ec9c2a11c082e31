package dev.godwit.verify;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The tables of a pair, seen so that what belongs together has the same name: that of the source.
 *
 * @param source empty if the source has none of it
 * @param target under the names of the source; empty if the target has none
 * @param realTarget under the names of the target
 * @param mergeDifferences in what the merged tables differ from each other, so that they cannot be read as one
 */
record PairedTables(
        TablePair pair,
        Optional<Table> source,
        Optional<Table> target,
        Optional<Table> realTarget,
        List<StructureDifference> mergeDifferences) {
    /** The name, among the columns of merged tables, of what tells one version of a row from the next. */
    static final String MERGED_VERSION = "_godwit_version";

    static PairedTables of(TablePair pair, Catalog sourceCatalog, Catalog targetCatalog) {
        List<StructureDifference> differences = new ArrayList<>();
        Optional<Table> first = sourceCatalog.table(pair.sources().get(0));
        for (TableName member : pair.sources()) {
            if (pair.isMerged()) {
                differences.addAll(mergeDifferences(member, first, sourceCatalog.table(member)));
            }
        }
        Optional<Table> realTarget = targetCatalog.table(pair.target());
        return new PairedTables(
                pair,
                first.map(table -> view(pair, table, name -> name)),
                realTarget.map(table -> view(pair, table, namesOfTheSource(pair))),
                realTarget,
                differences);
    }

    private static List<StructureDifference> mergeDifferences(
            TableName name, Optional<Table> first, Optional<Table> member) {
        if (first.isEmpty() || member.isEmpty()) {
            return member.isPresent()
                    ? List.of()
                    : List.of(new StructureDifference(name, null, StructureCheck.MISSING_ON_SOURCE));
        }
        return describe(first.get()).equals(describe(member.get()))
                ? List.of()
                : List.of(new StructureDifference(
                        name,
                        null,
                        "cannot be merged: columns or primary key are not those of "
                                + first.get().name()));
    }

    private static List<Object> describe(Table table) {
        return List.of(
                table.columns().stream().collect(Collectors.toMap(Column::name, column -> column.type()
                        .name())),
                table.primaryKey());
    }

    private static UnaryOperator<String> namesOfTheSource(TablePair pair) {
        Map<String, String> names = new HashMap<>();
        pair.targetColumns().forEach((source, target) -> names.put(target, source));
        return target -> names.getOrDefault(target, target);
    }

    private static Table view(TablePair pair, Table table, UnaryOperator<String> names) {
        List<Column> columns = table.columns().stream()
                .map(column -> new Column(
                        names.apply(column.name()),
                        column.type(),
                        column.nullable(),
                        column.generation(),
                        column.hidden()))
                .filter(column -> !pair.leftOut().contains(column.name()))
                .toList();
        List<String> key = table.primaryKey().stream().map(names).toList();
        boolean keyLeftOut = key.stream().anyMatch(pair.leftOut()::contains);
        return new Table(pair.name(), columns, keyLeftOut ? List.of() : key, List.of(), table.replicaIdentity());
    }

    /** The target as a catalog with this one table in it. */
    Catalog targetCatalog() {
        return new Catalog(target.map(List::of).orElse(List.of()), List.of());
    }

    /** SQL that stands between FROM and AS. */
    String sourceRelation(Dialect dialect) {
        if (!pair.isMerged()) {
            return dialect.quote(pair.sources().get(0));
        }
        // By name: the members may have their columns in different orders.
        String columns = source.orElseThrow().columns().stream()
                .map(column -> dialect.quote(column.name()))
                .collect(Collectors.joining(", "));
        return pair.sources().stream()
                .map(member -> "SELECT " + columns + ", " + version(dialect.product()) + " AS " + MERGED_VERSION
                        + " FROM " + dialect.quote(member))
                .collect(Collectors.joining(" UNION ALL ", "(", ")"));
    }

    /** SQL for a text that is another whenever a row has been written again. */
    static String version(Product product) {
        return switch (product) {
            case COCKROACHDB -> "crdb_internal_mvcc_timestamp::STRING";
            // Its rows have none.
            case MYSQL -> "CAST(NULL AS CHAR)";
            case POSTGRESQL, ORACLE -> "xmin::text";
        };
    }
}
