package dev.godwit.fetch.state;

import java.util.Locale;
import java.util.Optional;

/**
 * One load as the target remembers it.
 *
 * @param way {@code direct}, or where the files lie
 * @param plan what is loaded, in words; who continues the load must mean the same
 * @param cdcCursor empty if no checkpoint was taken
 * @param snapshot the name by which the source's snapshot can be taken over while it is held; empty when nothing is left to be read
 * @param urlSecret the part of the files' URLs that nobody guesses
 * @param targetPrepared whether room has been made on the target
 */
public record LoadState(
        String fetchId,
        Stage stage,
        String way,
        String plan,
        String cdcCursor,
        Optional<String> snapshot,
        String urlSecret,
        boolean targetPrepared) {

    /** The way of a load without files. */
    public static final String DIRECT = "direct";

    /** The plan of a load of which this target has seen the files alone. */
    public static final String IMPORT = "import";

    /** How far it has come. */
    public enum Stage {
        /** Rows are read from the source's snapshot. */
        READING,
        /** All files are whole; the source is no longer read. */
        EXPORTED,
        /** All rows are on the target. */
        COMPLETE;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Stage of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }
}
