package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.selection.FilterFile;
import dev.godwit.database.selection.FilterFile.Filter;
import dev.godwit.database.selection.FilterFile.SameText;
import dev.godwit.database.selection.NameRule;
import dev.godwit.database.selection.RowCondition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The row conditions of the command line and of the filter file, put to their tables and tried out. */
final class RowSelection {
    private final NameRule names;
    /** What the user says of one table, not yet understood. */
    private record Wanted(String place, Filter filter, boolean rowFilterOnly) {}

    private final Map<String, Wanted> wanted = new LinkedHashMap<>();

    /** @throws RefusedException if a text cannot be understood, or a table is named twice */
    RowSelection(NameRule names, List<String> rowFilters, Optional<FilterFile> file) {
        this.names = names;
        for (String rowFilter : rowFilters) {
            int equals = rowFilter.indexOf('=');
            if (equals < 0) {
                throw new RefusedException(
                        "--row-filter \"" + rowFilter + "\" names no table", "write it as schema.table=condition");
            }
            TableName table = TableName.parse(rowFilter.substring(0, equals).trim());
            String text = rowFilter.substring(equals + 1).trim();
            add(new Wanted("--row-filter", new Filter(table, text, text, SameText.YES), true));
        }
        file.ifPresent(rules -> rules.filters().forEach(filter -> add(new Wanted("--filter-path", filter, false))));
    }

    private void add(Wanted condition) {
        for (Wanted earlier : wanted.values()) {
            if (names.same(
                    earlier.filter().table().toString(),
                    condition.filter().table().toString())) {
                boolean sameOption = earlier.place().equals(condition.place());
                throw new RefusedException(
                        sameOption
                                ? condition.place() + " is given twice for "
                                        + condition.filter().table()
                                : "--row-filter and --filter-path both name "
                                        + condition.filter().table(),
                        "join the conditions with AND or OR");
            }
        }
        wanted.put(condition.filter().table().toString(), condition);
    }

    /**
     * The pairs with their conditions.
     *
     * @throws RefusedException if a condition names no selected table, does not fit its table, or selects no row on either side
     */
    List<TablePair> with(
            List<TablePair> pairs, Database source, Catalog sourceCatalog, Database target, Catalog targetCatalog) {
        Map<TableName, TablePair> byName = new LinkedHashMap<>();
        pairs.forEach(pair -> byName.put(pair.name(), pair));
        for (Wanted condition : wanted.values()) {
            TablePair pair = pairFor(condition, pairs, sourceCatalog);
            TablePair filtered = filtered(condition, pair, sourceCatalog, targetCatalog);
            boolean anyOnSource = anyRow(condition, source, sourceCatalog, filtered, true);
            boolean anyOnTarget = anyRow(condition, target, targetCatalog, filtered, false);
            if (!anyOnSource && !anyOnTarget) {
                throw new RefusedException(
                        "the filter \"" + condition.filter().sourceExpression() + "\" selects no row of " + pair.name()
                                + " on either side",
                        "check its literals; the case of texts counts");
            }
            byName.put(pair.name(), filtered);
        }
        return List.copyOf(byName.values());
    }

    private TablePair pairFor(Wanted condition, List<TablePair> pairs, Catalog sourceCatalog) {
        String name = condition.filter().table().toString();
        // The file's names are those of MOLT, for which case does not count.
        NameRule rule = condition.rowFilterOnly() ? names : NameRule.IGNORE_CASE;
        List<TableName> all =
                pairs.stream().flatMap(pair -> pair.sources().stream()).toList();
        TableName table = rule.find(condition.place() + " " + name, name, all, TableName::toString)
                .orElseThrow(() -> new RefusedException(
                        condition.place() + " names " + name + ", which is not among the selected tables",
                        "check the name, --schema-filter and --table-filter"));
        if (sourceCatalog.table(table).isEmpty()) {
            throw new RefusedException(
                    condition.place() + " names " + table + ", which the source has not", "check the name");
        }
        TablePair pair = pairs.stream()
                .filter(candidate -> candidate.sources().contains(table))
                .findFirst()
                .orElseThrow();
        if (pair.isMerged()) {
            throw new RefusedException(
                    condition.place() + " names " + table + ", which is merged with others into " + pair.target(),
                    "a filter on one of several merged tables cannot be told from the target's rows: filter nothing, or verify the"
                            + " table before it is merged");
        }
        return pair;
    }

    private static TablePair filtered(Wanted condition, TablePair pair, Catalog source, Catalog target) {
        Filter filter = condition.filter();
        Table sourceTable = source.table(pair.sources().get(0)).orElseThrow();
        RowCondition onSource;
        RowCondition onTarget;
        if (condition.rowFilterOnly()) {
            onSource = RowCondition.of(RowFilter.parse(filter.sourceExpression(), sourceTable));
            onTarget = target.table(pair.target())
                    .flatMap(table -> rowFilter(filter.targetExpression(), table))
                    .orElse(onSource);
        } else if (filter.sameText() == SameText.YES) {
            Optional<RowCondition> sourceFilter = rowFilter(filter.sourceExpression(), sourceTable);
            Optional<RowCondition> targetFilter =
                    target.table(pair.target()).flatMap(table -> rowFilter(filter.targetExpression(), table));
            boolean both = sourceFilter.isPresent() && targetFilter.isPresent();
            onSource = both ? sourceFilter.get() : RowCondition.ofSql(filter.sourceExpression());
            onTarget = both ? targetFilter.get() : RowCondition.ofSql(filter.targetExpression());
        } else {
            onSource = RowCondition.ofSql(filter.sourceExpression());
            onTarget = RowCondition.ofSql(filter.targetExpression());
        }
        return new TablePair(
                pair.sources(),
                pair.target(),
                Optional.of(onSource),
                Optional.of(onTarget),
                pair.targetColumns(),
                pair.leftOut());
    }

    /** Empty if the text is more than a row filter can say; then the database is asked. */
    private static Optional<RowCondition> rowFilter(String text, Table table) {
        try {
            return Optional.of(RowCondition.of(RowFilter.parse(text, table)));
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    private static boolean anyRow(
            Wanted condition, Database database, Catalog catalog, TablePair pair, boolean ofSource) {
        TableName name = ofSource ? pair.sources().get(0) : pair.target();
        Optional<RowCondition> rows = ofSource ? pair.sourceRows() : pair.targetRows();
        Predicate<Table> hasColumns = table -> rows.flatMap(RowCondition::filter)
                .map(filter -> table.columnsByName().keySet().containsAll(filter.columns()))
                .orElse(true);
        if (catalog.table(name).filter(hasColumns).isEmpty()) {
            return false; // a difference of structure, which the comparison reports
        }
        String where = ofSource ? pair.sourceWhere(database.dialect()) : pair.targetWhere(database.dialect());
        String sql = "SELECT 1 FROM " + database.dialect().quote(name) + " AS t" + where + " LIMIT 1";
        try (Connection connection = ReadSession.open(database, Optional.empty());
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(sql)) {
                return row.next();
            }
        } catch (SQLException e) {
            throw new RefusedException(
                    "the " + database.role() + " does not take the condition that " + condition.place() + " gives for "
                            + name + ", \"" + rows.map(RowCondition::text).orElse("") + "\": " + e.getMessage(),
                    "write a condition that this database understands; where the two need different words, give source_expr and"
                            + " target_expr",
                    e);
        }
    }

    static RefusedException unreadable(Database database, String what, SQLException e) {
        return new RefusedException(
                "cannot read " + what + " on the " + database.role() + ": " + e.getMessage(),
                "mend the cause that the server names; the user needs SELECT on every table",
                e);
    }
}
