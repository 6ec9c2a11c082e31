package dev.godwit.database.dialect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the columns of constraints from CockroachDB's own words for them ({@code condef} of {@code pg_constraint}), where its numbers do not say them: foreign keys
 * have the numbers of columns inside the cluster, which are others than {@code attnum} once the type of a column was changed; {@code UNIQUE WITHOUT INDEX} has none.
 */
final class CockroachConstraints {
    private static final String NAME = "(?:\"(?:[^\"]|\"\")*\"|[^\"\\s,.()]+)";
    private static final String NAMES = "\\(\\s*(" + NAME + "(?:,\\s*" + NAME + ")*)\\s*\\)";
    private static final Pattern FOREIGN_KEY = Pattern.compile(
            "FOREIGN KEY\\s*" + NAMES + "\\s*REFERENCES\\s+" + NAME + "(?:\\." + NAME + ")*\\s*" + NAMES + ".*",
            Pattern.DOTALL);
    private static final Pattern EACH_NAME = Pattern.compile(NAME);
    private static final String WITHOUT_INDEX = "UNIQUE WITHOUT INDEX (";

    private CockroachConstraints() {}

    /** Of both ends, in the same order. */
    record ForeignKeyColumns(List<String> child, List<String> parent) {}

    /** Empty if the words are none that are known. */
    static Optional<ForeignKeyColumns> foreignKey(String definition) {
        Matcher key = FOREIGN_KEY.matcher(definition);
        return key.matches()
                ? Optional.of(new ForeignKeyColumns(names(key.group(1)), names(key.group(2))))
                : Optional.empty();
    }

    private static List<String> names(String list) {
        List<String> names = new ArrayList<>();
        Matcher name = EACH_NAME.matcher(list);
        while (name.find()) {
            String text = name.group();
            names.add(
                    text.startsWith("\"") ? text.substring(1, text.length() - 1).replace("\"\"", "\"") : text);
        }
        return names;
    }

    /**
     * CockroachDB writes these names without quotes, whatever is in them.
     *
     * @param columns of the table
     * @return empty if a name is no column of the table, or the words are none that are known
     */
    static List<String> uniqueWithoutIndex(String definition, Collection<String> columns) {
        int end = definition.indexOf(')');
        if (!definition.startsWith(WITHOUT_INDEX) || end < 0) {
            return List.of();
        }
        List<String> names =
                List.of(definition.substring(WITHOUT_INDEX.length(), end).split(", "));
        return columns.containsAll(names) ? names : List.of();
    }

    static boolean isPartial(String definition) {
        return definition.contains(" WHERE ");
    }
}
