package dev.godwit.fetch;

import dev.godwit.database.Database;

/**
 * Which files to import, and where to.
 *
 * @param handling {@link TableHandling#NONE} or {@link TableHandling#TRUNCATE_IF_EXISTS}
 * @param continuation names the load whose files they are; whether it was begun on this target or elsewhere makes no difference
 */
public record ImportRequest(
        Database target, FileOptions files, TableHandling handling, Splitting splitting, Continuation continuation) {
    public ImportRequest {
        if (handling != TableHandling.NONE && handling != TableHandling.TRUNCATE_IF_EXISTS) {
            throw new IllegalArgumentException("files alone do not say how tables are made: " + handling);
        }
    }
}
