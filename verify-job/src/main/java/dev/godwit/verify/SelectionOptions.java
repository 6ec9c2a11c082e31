package dev.godwit.verify;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.selection.FilterFile;
import dev.godwit.database.selection.NameRule;
import dev.godwit.database.selection.TableChoice;
import dev.godwit.database.selection.TransformationFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which tables and rows are compared, and what stands against what. */
final class SelectionOptions {

    @Option(
            names = "--schema-filter",
            paramLabel = "REGEX",
            order = 10,
            defaultValue = ".*",
            description = "Only schemas whose whole name matches. Default: ${DEFAULT-VALUE}")
    private String schemaFilter;

    @Option(
            names = "--table-filter",
            paramLabel = "REGEX",
            order = 11,
            defaultValue = ".*",
            description = "Only tables whose whole name matches. Default: ${DEFAULT-VALUE}")
    private String tableFilter;

    @Option(
            names = "--table-exclusion-filter",
            paramLabel = "REGEX",
            order = 12,
            defaultValue = "",
            description = "No tables whose whole name matches.")
    private String tableExclusionFilter;

    @Option(
            names = "--case-sensitive",
            arity = "0..1",
            paramLabel = "true|false",
            order = 13,
            defaultValue = "false",
            fallbackValue = "true",
            description =
                    "Whether names of schemas, tables and columns that differ only in case are different ones. Default: ${DEFAULT-VALUE}")
    private boolean caseSensitive;

    @Option(
            names = "--row-filter",
            paramLabel = "SCHEMA.TABLE=CONDITION",
            order = 14,
            description =
                    "Only rows of that table for which the condition holds, on both sides: the text of the phase file. May be given"
                            + " once per table.")
    private List<String> rowFilters = List.of();

    @Option(
            names = "--filter-path",
            paramLabel = "FILE",
            order = 15,
            description = "JSON file that says which rows of which tables to compare, in the format of MOLT Verify.")
    private Path filterPath;

    @Option(
            names = "--transformations-file",
            paramLabel = "FILE",
            order = 16,
            description =
                    "JSON file that says which tables and schemas have other names on the target, which tables are merged there, and"
                            + " which columns are left out, in the format of MOLT Fetch.")
    private Path transformationsFile;

    /** What the options and files say, read and understood as far as that goes without the databases. */
    record Selection(PairSelection tables, RowSelection rows) {

        /** @throws RefusedException if the databases have not what is selected */
        List<TablePair> pairs(ConnectionOptions.Both databases) {
            Catalog source = PairSelection.catalog(databases.source());
            Catalog target = PairSelection.catalog(databases.target());
            return rows.with(tables.pairs(source, target), databases.source(), source, databases.target(), target);
        }
    }

    /** @throws RefusedException if an option or a file cannot be understood */
    Selection read() {
        NameRule names = caseSensitive ? NameRule.EXACT : NameRule.IGNORE_CASE;
        return new Selection(
                new PairSelection(
                        names,
                        TableChoice.of(names, schemaFilter, tableFilter, tableExclusionFilter),
                        transformationsFile == null
                                ? TransformationFile.NONE
                                : TransformationFile.read(transformationsFile)),
                new RowSelection(
                        names, rowFilters, Optional.ofNullable(filterPath).map(FilterFile::read)));
    }
}
