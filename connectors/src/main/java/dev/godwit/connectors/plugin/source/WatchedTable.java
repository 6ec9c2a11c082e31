package dev.godwit.connectors.plugin.source;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table that the feed watches, named in full. */
record WatchedTable(String database, String schema, String table) {
    private static final String PART = "(?:\"(?:[^\"]|\"\")+\"|[a-z_][a-z0-9_$]*)";
    private static final Pattern NAME =
            Pattern.compile("\\s*(" + PART + ")\\.(" + PART + ")\\.(" + PART + ")\\s*(,|$)");
    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

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

    /** How the feed may name this table in its rows: some versions quote what needs quoting, others never do. */
    Set<String> spellings() {
        Set<String> spellings = new LinkedHashSet<>();
        spellings.add(database + "." + schema + "." + table);
        spellings.add(Stream.of(database, schema, table)
                .map(part -> PLAIN.matcher(part).matches() ? part : quoted(part))
                .collect(Collectors.joining(".")));
        return spellings;
    }
}
