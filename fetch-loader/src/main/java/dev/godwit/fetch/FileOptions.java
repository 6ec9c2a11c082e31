package dev.godwit.fetch;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.fetch.file.Compression;
import dev.godwit.fetch.file.FileLimits;
import dev.godwit.fetch.store.FilePlace;

/**
 * How rows travel through files.
 *
 * @param limits when a file is full
 * @param importBatchFiles how many files one {@code IMPORT INTO} reads at most
 * @param useCopy whether files are loaded by {@code COPY} also where the target has {@code IMPORT INTO}
 * @param cleanup whether the files are deleted when all rows are on the target
 */
public record FileOptions(
        FilePlace place,
        Compression compression,
        FileLimits limits,
        int importBatchFiles,
        boolean useCopy,
        boolean cleanup) {
    public static final int DEFAULT_BATCH_FILES = 1_000;

    public FileOptions {
        if (importBatchFiles < 1) {
            throw new IllegalArgumentException("importBatchFiles must be positive");
        }
    }

    /** Whether files get into this target by {@code IMPORT INTO}, which takes tables offline meanwhile. */
    public boolean importsInto(Database target) {
        return target.product() == Product.COCKROACHDB && !useCopy;
    }
}
