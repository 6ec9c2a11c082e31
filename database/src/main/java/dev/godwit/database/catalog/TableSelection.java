package dev.godwit.database.catalog;

import dev.godwit.database.RefusedException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which tables a job works on, by two regular expressions that must match a whole name: MOLT's {@code --schema-filter} and
 * {@code --table-filter}. Immutable.
 */
public final class TableSelection {
    private final Pattern schemas;
    private final Pattern tables;

    private TableSelection(Pattern schemas, Pattern tables) {
        this.schemas = schemas;
        this.tables = tables;
    }

    /** @throws RefusedException if one is no regular expression */
    public static TableSelection of(String schemaFilter, String tableFilter) {
        return new TableSelection(compile("schema filter", schemaFilter), compile("table filter", tableFilter));
    }

    private static Pattern compile(String what, String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new RefusedException(
                    "the " + what + " \"" + regex + "\" is no regular expression: " + e.getDescription(),
                    "write for example employees|payments",
                    e);
        }
    }

    /** Whether both expressions match. */
    public boolean selects(TableName table) {
        return schemas.matcher(table.schema()).matches()
                && tables.matcher(table.name()).matches();
    }

    /** The selected tables of the catalog, ordered by name. May be empty. */
    public List<Table> from(Catalog catalog) {
        return catalog.tables().values().stream()
                .filter(table -> selects(table.name()))
                .toList();
    }

    @Override
    public String toString() {
        return "schema " + schemas + ", table " + tables;
    }
}
