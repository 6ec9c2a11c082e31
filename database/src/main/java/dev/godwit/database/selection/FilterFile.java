package dev.godwit.database.selection;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code --filter-path}: which rows of which tables are meant.
 *
 * @param filters in the order of the file; no table twice
 */
public record FilterFile(List<Filter> filters) {
    private static final String OPTION = "--filter-path";

    /**
     * The rows of one table.
     *
     * @param table as the file names it; case does not count
     * @param sourceExpression SQL for the source
     * @param targetExpression SQL for the target; the same text if {@code expr} was given
     * @param sameText whether {@code expr} was given, so that one text stands for both sides
     */
    public record Filter(TableName table, String sourceExpression, String targetExpression, SameText sameText) {}

    /** Whether both sides have one text. */
    public enum SameText {
        YES,
        NO
    }

    private record File(@JsonProperty("filters") List<Entry> filters) {}

    private record Entry(
            @JsonProperty("resource_specifier") Specifier resourceSpecifier,
            @JsonProperty("expr") String expression,
            @JsonProperty("source_expr") String sourceExpression,
            @JsonProperty("target_expr") String targetExpression) {}

    private record Specifier(
            @JsonProperty("schema") String schema,
            @JsonProperty("table") String table) {}

    public FilterFile {
        filters = List.copyOf(filters);
    }

    /** @throws RefusedException if the file cannot be read, or anything in it is not understood */
    public static FilterFile read(Path path) {
        File file = RuleFile.read(OPTION, path, File.class);
        if (file.filters == null || file.filters.isEmpty()) {
            throw new RefusedException(OPTION + " " + path + " has no filters", "write {\"filters\": [...]}");
        }
        List<Filter> filters = new ArrayList<>();
        for (int i = 0; i < file.filters.size(); i++) {
            Filter filter = filter(OPTION + " " + path + ": filters[" + i + "]", file.filters.get(i));
            for (Filter earlier : filters) {
                if (earlier.table().toString().equalsIgnoreCase(filter.table().toString())) {
                    throw new RefusedException(
                            OPTION + " " + path + ": filters[" + i + "] names " + filter.table() + " again",
                            "join the two expressions with AND or OR");
                }
            }
            filters.add(filter);
        }
        return new FilterFile(filters);
    }

    private static Filter filter(String place, Entry entry) {
        if (entry == null || entry.resourceSpecifier == null) {
            throw new RefusedException(
                    place + " has no resource_specifier",
                    "write \"resource_specifier\": {\"schema\": ..., \"table\": ...}");
        }
        TableName table = new TableName(
                required(place, "resource_specifier.schema", entry.resourceSpecifier.schema),
                required(place, "resource_specifier.table", entry.resourceSpecifier.table));
        boolean both = entry.sourceExpression != null && entry.targetExpression != null;
        boolean one = entry.sourceExpression != null || entry.targetExpression != null;
        if (entry.expression != null ? one : !both) {
            throw new RefusedException(
                    place + " for " + table
                            + (entry.expression != null
                                    ? " has expr beside source_expr or target_expr"
                                    : " has neither expr nor both of source_expr and target_expr"),
                    "give either expr, or source_expr and target_expr together");
        }
        if (entry.expression != null) {
            String text = required(place, "expr", entry.expression);
            return new Filter(table, text, text, SameText.YES);
        }
        return new Filter(
                table,
                required(place, "source_expr", entry.sourceExpression),
                required(place, "target_expr", entry.targetExpression),
                SameText.NO);
    }

    private static String required(String place, String field, String value) {
        if (value == null || value.isBlank()) {
            throw new RefusedException(place + " has no " + field, "write one");
        }
        return value.strip();
    }
}
