package dev.godwit.database.selection;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * {@code --transformations-file}: under which names, and without which columns, source tables stand on the target. Several source tables with
 * one name on the target are merged.
 *
 * @param rules in the order of the file
 */
public record TransformationFile(List<Rule> rules) {
    private static final String OPTION = "--transformations-file";
    private static final String ANY = ".*";

    /** No rule: every table keeps its name and its columns. */
    public static final TransformationFile NONE = new TransformationFile(List.of());

    /**
     * One rule. The patterns must match whole names; case does not count.
     *
     * @param place where it stands, for messages
     * @param columns the columns that are not moved, by the pattern; empty if the rule is not about columns
     * @param computed whether those columns are computed on the target as they are on the source, instead of missing there
     */
    public record Rule(
            String place,
            Pattern schemas,
            Pattern tables,
            Optional<Pattern> columns,
            boolean computed,
            Optional<String> tableName,
            Optional<String> schemaName) {
        /** Whether the rule is for this table of the source. */
        public boolean isFor(TableName table) {
            return schemas.matcher(table.schema()).matches()
                    && tables.matcher(table.name()).matches();
        }

        /** Whether the rule is about this column of a table that it is for. */
        public boolean isAbout(String column) {
            return columns.isPresent() && columns.get().matcher(column).matches();
        }
    }

    private record File(@JsonProperty("transforms") List<Entry> transforms) {}

    private record Entry(
            @JsonProperty("id") Integer id,
            @JsonProperty("resource_specifier") Specifier resourceSpecifier,
            @JsonProperty("column_exclusion_opts") Exclusion columnExclusion,
            @JsonProperty("table_rename_opts") Rename tableRename,
            @JsonProperty("schema_rename_opts") Rename schemaRename) {}

    private record Specifier(
            @JsonProperty("schema") String schema,
            @JsonProperty("table") String table) {}

    private record Exclusion(
            @JsonProperty("column") String column,
            @JsonProperty("add_computed_def") Boolean addComputedDefinition) {}

    private record Rename(@JsonProperty("value") String value) {}

    public TransformationFile {
        rules = List.copyOf(rules);
    }

    /** @throws RefusedException if the file cannot be read, or anything in it is not understood */
    public static TransformationFile read(Path path) {
        File file = RuleFile.read(OPTION, path, File.class);
        if (file.transforms == null || file.transforms.isEmpty()) {
            throw new RefusedException(OPTION + " " + path + " has no transforms", "write {\"transforms\": [...]}");
        }
        List<Rule> rules = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < file.transforms.size(); i++) {
            Entry entry = file.transforms.get(i);
            String place = OPTION + " " + path + ": transforms[" + i + "]";
            if (entry != null && entry.id != null && !ids.add(entry.id)) {
                throw new RefusedException(
                        place + " has the id " + entry.id + " of another rule", "give each rule an id of its own");
            }
            rules.add(rule(place, entry));
        }
        return new TransformationFile(rules);
    }

    private static Rule rule(String place, Entry entry) {
        if (entry == null || entry.resourceSpecifier == null) {
            throw new RefusedException(
                    place + " has no resource_specifier",
                    "write \"resource_specifier\": {\"schema\": ..., \"table\": ...}");
        }
        if (entry.columnExclusion == null && entry.tableRename == null && entry.schemaRename == null) {
            throw new RefusedException(
                    place + " says nothing to do",
                    "add column_exclusion_opts, table_rename_opts or schema_rename_opts");
        }
        Optional<Pattern> columns = Optional.ofNullable(entry.columnExclusion)
                .map(exclusion -> pattern(place, "column_exclusion_opts.column", exclusion.column));
        boolean computed =
                entry.columnExclusion != null && Boolean.TRUE.equals(entry.columnExclusion.addComputedDefinition);
        Specifier specifier = entry.resourceSpecifier;
        return new Rule(
                place,
                pattern(place, "resource_specifier.schema", specifier.schema == null ? ANY : specifier.schema),
                pattern(place, "resource_specifier.table", specifier.table == null ? ANY : specifier.table),
                columns,
                computed,
                name(place, "table_rename_opts", entry.tableRename),
                name(place, "schema_rename_opts", entry.schemaRename));
    }

    private static Optional<String> name(String place, String field, Rename rename) {
        if (rename != null && (rename.value == null || rename.value.isBlank())) {
            throw new RefusedException(place + " has no " + field + ".value", "write the name on the target");
        }
        return Optional.ofNullable(rename).map(Rename::value);
    }

    private static Pattern pattern(String place, String field, String text) {
        if (text == null || text.isBlank()) {
            throw new RefusedException(place + " has no " + field, "write a regular expression for the names");
        }
        try {
            return Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        } catch (PatternSyntaxException e) {
            throw new RefusedException(
                    place + ": " + field + " \"" + text + "\" is no regular expression: " + e.getDescription(),
                    "write for example charges_part.*",
                    e);
        }
    }

    /** The rules for a table of the source. */
    private List<Rule> rulesFor(TableName table) {
        return rules.stream().filter(rule -> rule.isFor(table)).toList();
    }

    /** The name of a source table on the target. Where several rules name it, the last of the file counts. */
    public TableName target(TableName table) {
        String schema = table.schema();
        String name = table.name();
        for (Rule rule : rulesFor(table)) {
            schema = rule.schemaName().orElse(schema);
            name = rule.tableName().orElse(name);
        }
        return new TableName(schema, name);
    }

    /** Whether a column of a source table is missing on the target. Where several rules are about it, the last of the file counts. */
    public boolean leavesOut(TableName table, String column) {
        return columnRule(table, column).filter(rule -> !rule.computed()).isPresent();
    }

    /** Whether a column of a source table is to be computed on the target too. */
    public boolean computes(TableName table, String column) {
        return columnRule(table, column).filter(Rule::computed).isPresent();
    }

    private Optional<Rule> columnRule(TableName table, String column) {
        return rulesFor(table).stream().filter(rule -> rule.isAbout(column)).reduce((earlier, later) -> later);
    }
}
