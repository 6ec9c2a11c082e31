package dev.godwit.fetch;

import dev.godwit.fetch.schema.TypeMapFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What becomes of the tables of the target, and how well they must fit.
 *
 * @param typeMap types of columns of tables that are made anew
 * @param leftOutFile where the definitions go that tables are made without; needed to make them anew
 * @param skipPrimaryKeyCheck whether tables may have no primary key, or another one on the target; each is then loaded in one piece
 */
public record TableOptions(
        TableHandling handling,
        TypeMapFile typeMap,
        Optional<Path> leftOutFile,
        boolean skipPrimaryKeyCheck,
        Purpose purpose,
        Sequences sequences) {

    /** What comes after the load. */
    public enum Purpose {
        /** Replication by Godwit: whatever it could not carry is refused now. */
        REPLICATION,
        /** Nothing, or something else: whatever arrives unchanged may be loaded, and MOLT's rules say which differences are in the way. */
        LOAD
    }

    /** What happens to the sequences of the target at the end. */
    public enum Sequences {
        NONE,
        /** The statements that would set them are told. */
        PRINT,
        /** They are set to where those of the source stand. */
        SET
    }

    public static final TableOptions DEFAULT = new TableOptions(
            TableHandling.NONE, TypeMapFile.NONE, Optional.empty(), false, Purpose.REPLICATION, Sequences.NONE);

    TableOptions with(TableHandling newHandling) {
        return new TableOptions(newHandling, typeMap, leftOutFile, skipPrimaryKeyCheck, purpose, sequences);
    }
}
