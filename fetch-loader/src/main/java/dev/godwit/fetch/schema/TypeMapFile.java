package dev.godwit.fetch.schema;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.selection.RuleFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code --type-map-file}: which types columns get when their table is made, in the format of MOLT Fetch.
 *
 * @param rules in the order of the file; a rule for one column counts more than one for all of a type
 */
public record TypeMapFile(List<Rule> rules) {
    private static final String OPTION = "--type-map-file";
    private static final String ALL_COLUMNS = "*";
    /** A type name: words, perhaps with a schema, quotes, a length and brackets. Anything else could end the statement it gets into. */
    private static final Pattern TYPE =
            Pattern.compile("[\\p{L}_\"][\\p{L}\\p{N}_$\" .]*(\\(\\s*\\d+\\s*(,\\s*\\d+\\s*)?\\))?[\\p{L} ]*(\\[\\])?");

    /** Nothing is mapped. */
    public static final TypeMapFile NONE = new TypeMapFile(List.of());

    /** Other words for the catalog's names of types. */
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("int", "int4"),
            Map.entry("integer", "int4"),
            Map.entry("bigint", "int8"),
            Map.entry("smallint", "int2"),
            Map.entry("boolean", "bool"),
            Map.entry("real", "float4"),
            Map.entry("float", "float8"),
            Map.entry("double precision", "float8"),
            Map.entry("decimal", "numeric"),
            Map.entry("string", "text"),
            Map.entry("character varying", "varchar"),
            Map.entry("character", "bpchar"),
            Map.entry("char", "bpchar"),
            Map.entry("bytes", "bytea"),
            Map.entry("bit varying", "varbit"),
            Map.entry("time without time zone", "time"),
            Map.entry("time with time zone", "timetz"),
            Map.entry("timestamp without time zone", "timestamp"),
            Map.entry("timestamp with time zone", "timestamptz"));

    /**
     * One mapping.
     *
     * @param place where it stands, for messages
     * @param column {@code *} for all columns of the source type
     */
    public record Rule(String place, TableName table, String column, String sourceType, String targetType) {
        boolean isForAll() {
            return column.equals(ALL_COLUMNS);
        }
    }

    private record Entry(
            @JsonProperty("table") String table,
            @JsonProperty("column_type_map") List<ColumnEntry> columns) {}

    private record ColumnEntry(
            @JsonProperty("column") String column,
            @JsonProperty("source_type") String sourceType,
            @JsonProperty("crdb_type") String targetType) {}

    public TypeMapFile {
        rules = List.copyOf(rules);
    }

    /** @throws RefusedException if the file cannot be read, or anything in it is not understood */
    public static TypeMapFile read(Path path) {
        Entry[] entries = RuleFile.read(OPTION, path, Entry[].class);
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < entries.length; i++) {
            String place = OPTION + " " + path + ": [" + i + "]";
            if (entries[i] == null || entries[i].columns == null || entries[i].columns.isEmpty()) {
                throw new RefusedException(
                        place + " has no column_type_map", "write {\"table\": ..., \"column_type_map\": [...]}");
            }
            TableName table = TableName.parse(required(place, "table", entries[i].table));
            for (int k = 0; k < entries[i].columns.size(); k++) {
                rules.add(rule(place + ".column_type_map[" + k + "]", table, entries[i].columns.get(k)));
            }
        }
        return new TypeMapFile(rules);
    }

    private static Rule rule(String place, TableName table, ColumnEntry entry) {
        if (entry == null) {
            throw new RefusedException(
                    place + " is empty", "write {\"column\": ..., \"source_type\": ..., \"crdb_type\": ...}");
        }
        String targetType = required(place, "crdb_type", entry.targetType);
        if (!TYPE.matcher(targetType).matches()) {
            throw new RefusedException(
                    place + ": \"" + targetType + "\" is no type", "write for example INT8 or DECIMAL(12,2)");
        }
        return new Rule(
                place,
                table,
                required(place, "column", entry.column),
                required(place, "source_type", entry.sourceType),
                targetType);
    }

    private static String required(String place, String field, String value) {
        if (value == null || value.isBlank()) {
            throw new RefusedException(place + " has no " + field, "write one");
        }
        return value.strip();
    }

    /** The type that the column gets on the target; empty for the one that follows from the source's. */
    public Optional<String> typeOf(TableName table, Column column) {
        Optional<Rule> named = rulesFor(table).stream()
                .filter(rule -> !rule.isForAll() && rule.column().equalsIgnoreCase(column.name()))
                .reduce((earlier, later) -> later);
        return named.or(() -> rulesFor(table).stream()
                        .filter(rule -> rule.isForAll() && isOfType(column, rule.sourceType()))
                        .reduce((earlier, later) -> later))
                .map(Rule::targetType);
    }

    private List<Rule> rulesFor(TableName table) {
        return rules.stream()
                .filter(rule -> rule.table().toString().equalsIgnoreCase(table.toString()))
                .toList();
    }

    /**
     * Every rule must be about something that is there.
     *
     * @throws RefusedException if a rule names a table or column that is not loaded, or a type that the column has not
     */
    public void requireUsed(List<Table> tables) {
        for (Rule rule : rules) {
            Table table = tables.stream()
                    .filter(candidate -> candidate
                            .name()
                            .toString()
                            .equalsIgnoreCase(rule.table().toString()))
                    .findFirst()
                    .orElseThrow(() -> new RefusedException(
                            rule.place() + " names table " + rule.table() + ", which is not among the selected tables",
                            "check the name, --schema-filter and --table-filter"));
            List<Column> columns = table.columns().stream()
                    .filter(column -> rule.isForAll() || rule.column().equalsIgnoreCase(column.name()))
                    .toList();
            if (columns.isEmpty()) {
                throw new RefusedException(
                        rule.place() + ": table " + rule.table() + " has no column \"" + rule.column() + "\"",
                        "check the name");
            }
            if (columns.stream().noneMatch(column -> isOfType(column, rule.sourceType()))) {
                throw new RefusedException(
                        rule.place() + ": "
                                + (rule.isForAll()
                                        ? "no column of " + rule.table() + " is of type " + rule.sourceType()
                                        : "column " + rule.table() + "." + rule.column() + " is of type "
                                                + columns.get(0).type() + ", not " + rule.sourceType()),
                        "write the type that the source has");
            }
        }
    }

    private static boolean isOfType(Column column, String sourceType) {
        String wanted = sourceType.toLowerCase(Locale.ROOT);
        String display = column.type().name().toLowerCase(Locale.ROOT);
        return display.equals(wanted)
                || display.replaceAll("\\(.*?\\)", "").strip().equals(wanted)
                || column.type().baseName().equals(ALIASES.getOrDefault(wanted, wanted));
    }
}
