package dev.godwit.database.selection;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.util.regex.Pattern;

/** The tables that the user wants, by regular expressions that must match whole names. Immutable. */
public final class TableChoice {
    private final Pattern schemas;
    private final Pattern tables;
    private final Pattern excluded;

    private TableChoice(Pattern schemas, Pattern tables, Pattern excluded) {
        this.schemas = schemas;
        this.tables = tables;
        this.excluded = excluded;
    }

    /**
     * @param exclusionFilter empty to exclude nothing
     * @throws RefusedException if one is no regular expression, or everything is excluded
     */
    public static TableChoice of(NameRule names, String schemaFilter, String tableFilter, String exclusionFilter) {
        if (exclusionFilter.equals(".*")) {
            throw new RefusedException(
                    "--table-exclusion-filter .* excludes every table", "name the tables that shall be left out");
        }
        return new TableChoice(
                names.pattern("the schema filter", schemaFilter),
                names.pattern("the table filter", tableFilter),
                names.pattern("the table exclusion filter", exclusionFilter));
    }

    public boolean selectsSchema(String schema) {
        return schemas.matcher(schema).matches();
    }

    /** Whatever its schema is. */
    public boolean selectsName(String name) {
        return tables.matcher(name).matches() && !excluded.matcher(name).matches();
    }

    public boolean selects(TableName table) {
        return selectsSchema(table.schema()) && selectsName(table.name());
    }

    @Override
    public String toString() {
        return "schema " + schemas + ", table " + tables + (excluded.pattern().isEmpty() ? "" : " but not " + excluded);
    }
}
