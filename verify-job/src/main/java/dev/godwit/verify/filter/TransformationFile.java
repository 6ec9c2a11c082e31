package dev.godwit.verify.filter;

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
     * @param leftOut the columns that the target does not have, by the pattern; empty if the rule is not about columns
     */
    public record Rule(
            String place,
            Pattern schemas,
            Pattern tables,
            Optional<Pattern> leftOut,
            Optional<String> tableName,
            Optional<String> schemaName) {
        /** Whether the rule is for this table of the source. */
        public boolean isFor(TableName table) {
            return schemas.matcher(table.schema()).matches()
                    && tables.matcher(table.name()).matches();
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
        Optional<Pattern> leftOut = Optional.empty();
        if (entry.columnExclusion != null) {
            Pattern columns = pattern(place, "column_exclusion_opts.column", entry.columnExclusion.column);
            // A column that is computed on both sides is compared as any other.
            if (!Boolean.TRUE.equals(entry.columnExclusion.addComputedDefinition)) {
                leftOut = Optional.of(columns);
            }
        }
        Specifier specifier = entry.resourceSpecifier;
        return new Rule(
                place,
                pattern(place, "resource_specifier.schema", specifier.schema == null ? ANY : specifier.schema),
                pattern(place, "resource_specifier.table", specifier.table == null ? ANY : specifier.table),
                leftOut,
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

    /**
     * The name of a source table on the target.
     *
     * @throws RefusedException if two rules give it different names
     */
    public TableName target(TableName table) {
        String schema = null;
        String name = null;
        for (Rule rule : rulesFor(table)) {
            schema = once(table, rule, schema, rule.schemaName());
            name = once(table, rule, name, rule.tableName());
        }
        return new TableName(schema == null ? table.schema() : schema, name == null ? table.name() : name);
    }

    private static String once(TableName table, Rule rule, String earlier, Optional<String> next) {
        if (earlier != null && next.isPresent() && !next.get().equals(earlier)) {
            throw new RefusedException(
                    rule.place() + " renames " + table + " to \"" + next.get() + "\", an earlier rule to \"" + earlier
                            + "\"",
                    "let one rule only match the table");
        }
        return next.orElse(earlier);
    }

    /** Whether a column of a source table is left out on the target. */
    public boolean leavesOut(TableName table, String column) {
        return rulesFor(table).stream()
                .anyMatch(rule -> rule.leftOut().isPresent()
                        && rule.leftOut().get().matcher(column).matches());
    }
}
