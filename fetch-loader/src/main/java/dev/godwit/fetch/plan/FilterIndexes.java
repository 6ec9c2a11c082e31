package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.database.selection.RowCondition;
import dev.godwit.fetch.Mismatch;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Warns where a row filter looks at columns that no index of the source begins with. */
final class FilterIndexes {
    private final Problems problems;

    FilterIndexes(Problems problems) {
        this.problems = problems;
    }

    void check(SourceChecks source, List<Table> tables, Map<TableName, MappedTable> mappings) throws SQLException {
        for (Table table : tables) {
            MappedTable mapping = mappings.get(table.name());
            if (mapping.rows().isPresent()) {
                Set<String> indexed = source.indexed(table.name());
                for (String column : columns(mapping.rows().get(), table)) {
                    if (!indexed.contains(column)) {
                        problems.add(new Mismatch(
                                "filter_not_indexed",
                                table.name(),
                                "filter expression '" + mapping.rows().get() + "' of " + table.name()
                                        + " contains column '" + column
                                        + "' which is not indexed. This may lead to performance issues.",
                                "",
                                false));
                    }
                }
            }
        }
    }

    /** Of a condition that only the database understands, the columns whose names occur in it. */
    private static Set<String> columns(RowCondition condition, Table table) {
        return condition.filter().map(RowFilter::columns).orElseGet(() -> {
            Set<String> named = new HashSet<>();
            table.columnsByName().keySet().stream()
                    .filter(column -> Pattern.compile("(?<![\\w$])" + Pattern.quote(column) + "(?![\\w$])")
                            .matcher(condition.text())
                            .find())
                    .forEach(named::add);
            return named;
        });
    }
}
