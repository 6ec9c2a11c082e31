package dev.godwit.fetch.cli;

import dev.godwit.database.RefusedException;
import dev.godwit.database.selection.FilterFile;
import dev.godwit.database.selection.NameRule;
import dev.godwit.database.selection.TableChoice;
import dev.godwit.database.selection.TransformationFile;
import dev.godwit.fetch.TableHandling;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that select tables and rows. Defaults stand twice, because picocli applies the annotation's only to groups that are used. */
final class SelectionOptions {
    private static final String EVERYTHING = ".*";

    @Option(
            names = "--schema-filter",
            paramLabel = "REGEX",
            defaultValue = EVERYTHING,
            description = "Only schemas whose whole name matches. Default: ${DEFAULT-VALUE}")
    private String schemaFilter = EVERYTHING;

    @Option(
            names = "--table-filter",
            paramLabel = "REGEX",
            defaultValue = EVERYTHING,
            description = "Only tables whose whole name matches. Default: ${DEFAULT-VALUE}")
    private String tableFilter = EVERYTHING;

    @Option(
            names = "--table-exclusion-filter",
            paramLabel = "REGEX",
            description = "No tables whose whole name matches.")
    private String tableExclusionFilter = "";

    @Option(
            names = "--case-sensitive",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description =
                    "Whether names of schemas, tables and columns that differ only in case are different ones. Default: false")
    private boolean caseSensitive;

    @Option(
            names = "--row-filter",
            paramLabel = "SCHEMA.TABLE=CONDITION",
            description =
                    "Only rows of that table for which the condition holds: the text of the phase file. May be given once per table.")
    private List<String> rowFilters = List.of();

    @Option(
            names = "--filter-path",
            paramLabel = "FILE",
            description = "JSON file that says which rows of which tables to load, in the format of MOLT Fetch.")
    private Path filterPath;

    @Option(
            names = "--transformations-file",
            paramLabel = "FILE",
            description =
                    "JSON file that says which tables and schemas get other names, which tables are merged, and which columns are left"
                            + " out or computed on the target, in the format of MOLT Fetch.")
    private Path transformationsFile;

    /** @throws RefusedException if an option or a file cannot be understood; no database has been asked then */
    LoadSelection read(TableHandling handling) {
        NameRule names = caseSensitive ? NameRule.EXACT : NameRule.IGNORE_CASE;
        return new LoadSelection(
                names,
                TableChoice.of(names, schemaFilter, tableFilter, tableExclusionFilter),
                transformationsFile == null ? TransformationFile.NONE : TransformationFile.read(transformationsFile),
                rowFilters,
                Optional.ofNullable(filterPath).map(FilterFile::read),
                handling);
    }
}
