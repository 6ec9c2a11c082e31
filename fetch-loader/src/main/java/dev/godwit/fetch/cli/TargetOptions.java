package dev.godwit.fetch.cli;

import dev.godwit.database.RefusedException;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.TableOptions;
import dev.godwit.fetch.schema.TypeMapFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options about the tables of the target. */
final class TargetOptions {
    @Option(
            names = "--table-handling",
            paramLabel = "HANDLING",
            defaultValue = "none",
            converter = HandlingConverter.class,
            description =
                    "What happens to tables that are there already: none (their rows are not touched, and the load is refused if some"
                            + " belong to it), truncate-if-exists, or drop-on-target-and-recreate, which makes tables with columns,"
                            + " NOT NULL and the primary key. Default: ${DEFAULT-VALUE}")
    private TableHandling handling = TableHandling.NONE;

    @Option(
            names = "--type-map-file",
            paramLabel = "FILE",
            description =
                    "JSON file with the types that columns get when tables are made, in the format of MOLT Fetch. Only with"
                            + " drop-on-target-and-recreate.")
    private Path typeMapFile;

    @Option(
            names = "--left-out-ddl-file",
            paramLabel = "FILE",
            description =
                    "Gets, as SQL, all that made tables lack: indexes, unique and foreign keys, checks, defaults, sequences. Step 5 of a"
                            + " phase can run it. Default with drop-on-target-and-recreate: left-out.sql")
    private Path leftOutFile;

    @Option(
            names = "--skip-pk-check",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description =
                    "Also load tables without a primary key, or with another one on the target; those without are loaded in one"
                            + " piece.")
    private boolean skipPrimaryKeyCheck;

    @Option(
            names = "--sequences",
            paramLabel = "none|print|set",
            defaultValue = "none",
            converter = SequencesConverter.class,
            description =
                    "Whether the sequences of the loaded tables are set on the target at the end to where they stand on the source, or"
                            + " the statements for it are told. Default: ${DEFAULT-VALUE}")
    private TableOptions.Sequences sequences = TableOptions.Sequences.NONE;

    TableHandling handling() {
        return handling;
    }

    /** @throws RefusedException if options do not go together, or the type map cannot be understood */
    TableOptions read() {
        boolean recreates = handling == TableHandling.DROP_ON_TARGET_AND_RECREATE;
        if (!recreates && (typeMapFile != null || leftOutFile != null)) {
            throw new RefusedException(
                    (typeMapFile != null ? "--type-map-file" : "--left-out-ddl-file")
                            + " is given, but no tables are made",
                    "give --table-handling drop-on-target-and-recreate as well, or leave it away");
        }
        return new TableOptions(
                handling,
                typeMapFile == null ? TypeMapFile.NONE : TypeMapFile.read(typeMapFile),
                recreates ? Optional.of(leftOutFile == null ? Path.of("left-out.sql") : leftOutFile) : Optional.empty(),
                skipPrimaryKeyCheck,
                TableOptions.Purpose.LOAD,
                sequences);
    }

    /** Takes MOLT's spellings. */
    static final class HandlingConverter implements ITypeConverter<TableHandling> {
        @Override
        public TableHandling convert(String value) {
            return switch (value) {
                case "none" -> TableHandling.NONE;
                case "truncate-if-exists" -> TableHandling.TRUNCATE_IF_EXISTS;
                case "drop-on-target-and-recreate" -> TableHandling.DROP_ON_TARGET_AND_RECREATE;
                default ->
                    throw new TypeConversionException("\"" + value
                            + "\" is unknown; use none, truncate-if-exists or drop-on-target-and-recreate");
            };
        }
    }

    /** Lower case, as on the command line. */
    static final class SequencesConverter implements ITypeConverter<TableOptions.Sequences> {
        @Override
        public TableOptions.Sequences convert(String value) {
            for (TableOptions.Sequences one : TableOptions.Sequences.values()) {
                if (one.name().toLowerCase(Locale.ROOT).equals(value)) {
                    return one;
                }
            }
            throw new TypeConversionException("\"" + value + "\" is unknown; use none, print or set");
        }
    }
}
