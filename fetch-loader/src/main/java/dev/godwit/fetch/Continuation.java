package dev.godwit.fetch;

import dev.godwit.database.catalog.TableName;
import java.time.Duration;
import java.util.Optional;

/**
 * What may happen after a load broke off, and which load this one carries on.
 *
 * @param fetchId the load to carry on; empty to begin one
 * @param onlyTable the one table, by its name on the source, to carry on with; empty for all
 * @param firstFile the file that is imported first; empty for none in particular
 * @param keep how long the source keeps the snapshot for a continuation after this process has ended in whatever way; zero: slot and publication are dropped when the
 *     load fails, and it cannot be continued
 */
public record Continuation(
        Optional<String> fetchId, Optional<TableName> onlyTable, Optional<String> firstFile, Duration keep) {
    public static final Duration DEFAULT_KEEP = Duration.ofMinutes(60);

    /** A new load, which is given up if it fails. */
    public static final Continuation NONE =
            new Continuation(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO);

    /** A new load, or a load carried on, that can be continued. */
    public static Continuation of(Optional<String> fetchId, Duration keep) {
        return new Continuation(fetchId, Optional.empty(), Optional.empty(), keep);
    }

    public boolean possible() {
        return !keep.isZero();
    }
}
