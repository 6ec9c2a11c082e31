package dev.godwit.database.dialect;

import dev.godwit.database.RefusedException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Columns that a parameter of the URL names.
 *
 * @param parameter its name
 * @param all whether it names every column of the type that it is about
 * @param columns each as {@code table.column}
 */
record ColumnChoice(String parameter, boolean all, Set<String> columns) {
    static final ColumnChoice NONE = new ColumnChoice("", false, Set.of());

    ColumnChoice {
        columns = Set.copyOf(columns);
    }

    /** @throws RefusedException if the list is none */
    static ColumnChoice parse(String parameter, String list) {
        if (list.equals("*")) {
            return new ColumnChoice(parameter, true, Set.of());
        }
        Set<String> columns = new HashSet<>(Arrays.asList(list.split(",")));
        for (String column : columns) {
            if (!column.matches("[^.]+\\.[^.]+")) {
                throw new RefusedException(
                        "the parameter " + parameter + " of the URL names \"" + column + "\", which is no column",
                        "write table.column, several with commas between them, or * for all");
            }
        }
        return new ColumnChoice(parameter, false, columns);
    }

    /**
     * @param fits whether the column is of the type that the parameter is about
     * @throws RefusedException if it is named and is not
     */
    boolean contains(String table, String column, boolean fits, String type) {
        if (all) {
            return fits;
        }
        boolean named = columns.contains(table + "." + column);
        if (named && !fits) {
            throw new RefusedException(
                    "the parameter " + parameter + " of the URL names " + table + "." + column + ", which is of type "
                            + type,
                    "leave the column out of the list");
        }
        return named;
    }

    /** @throws RefusedException if a column is named that is not there */
    void requireAmong(Set<String> known) {
        for (String column : columns) {
            if (!known.contains(column)) {
                throw new RefusedException(
                        "the parameter " + parameter + " of the URL names " + column + ", which is not there",
                        "write table.column as MySQL has them; case counts");
            }
        }
    }
}
