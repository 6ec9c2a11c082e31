package dev.godwit.connectors.plugin.source;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table that the feed watches, named in full. */
record WatchedTable(String database, String schema, String table) {
    private static final String PART = "(?:\"(?:[^\"]|\"\")+\"|[a-z_][a-z0-9_$]*)";
    private static final Pattern NAME =
            Pattern.compile("\\s*(" + PART + ")\\.(" + PART + ")\\.(" + PART + ")\\s*(,|$)");

    /**
     * Reads {@code database.schema.table, "Data Base"."schema"."Table"}.
     *
     * @throws IllegalArgumentException if that is not what the text is
     */
    static List<WatchedTable> list(String text) {
        List<WatchedTable> tables = new ArrayList<>();
        Matcher matcher = NAME.matcher(text);
        int end = 0;
        while (end < text.length() && matcher.find(end) && matcher.start() == end) {
            tables.add(new WatchedTable(
                    unquoted(matcher.group(1)), unquoted(matcher.group(2)), unquoted(matcher.group(3))));
            end = matcher.end();
            if (end == text.length() && matcher.group(4).isEmpty()) {
                return List.copyOf(tables);
            }
        }
        throw new IllegalArgumentException(
                "write database.schema.table, separated by commas, each part in double quotes unless it is lower case");
    }

    private static String unquoted(String part) {
        return part.startsWith("\"") ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part;
    }

    /** As it stands in a statement, whatever characters the names have. */
    String sql() {
        return quoted(database) + "." + quoted(schema) + "." + quoted(table);
    }

    private static String quoted(String part) {
        return '"' + part.replace("\"", "\"\"") + '"';
    }

    String topic(String prefix) {
        return KafkaNames.escaped(prefix + database + "." + schema + "." + table);
    }

    /** How the feed may name this table in its rows: before v25.4 each part that needs quotes in SQL has them, reserved words too. */
    Set<String> spellings() {
        Set<String> spellings = new LinkedHashSet<>(Set.of(""));
        for (String part : List.of(database, schema, table)) {
            Set<String> longer = new LinkedHashSet<>();
            for (String before : spellings) {
                String start = before.isEmpty() ? "" : before + ".";
                longer.add(start + part);
                longer.add(start + quoted(part));
            }
            spellings = longer;
        }
        return spellings;
    }
}
