package dev.godwit.fetch.cli;

import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.fetch.FetchMode;
import dev.godwit.fetch.FileOptions;
import dev.godwit.fetch.file.Compression;
import dev.godwit.fetch.file.FileLimits;
import dev.godwit.fetch.store.FilePlace;
import dev.godwit.fetch.store.StoreAccess;
import dev.godwit.fetch.store.StoreUrl;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options about how far a load goes, and the files it may go through. */
final class FileFlags {
    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "data-load",
            converter = ModeConverter.class,
            description =
                    "data-load; export-only, which ends when all files are whole; or import-only, which loads the files of --fetch-id"
                            + " and needs no source. Default: ${DEFAULT-VALUE}")
    private FetchMode mode = FetchMode.DATA_LOAD;

    @Option(
            names = "--direct-copy",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description =
                    "Load without files, by COPY from server to server. That is what happens without --bucket-path and --local-path.")
    private boolean directCopy;

    @Option(
            names = "--bucket-path",
            paramLabel = "URL",
            description =
                    "Load through files in a bucket: s3://BUCKET/FOLDER, gs://BUCKET/FOLDER or azure-blob://CONTAINER/FOLDER."
                            + " Credentials are taken from the environment.")
    private String bucketPath;

    @Option(
            names = "--local-path",
            paramLabel = "FOLDER",
            description = "Load through files in a folder of this machine.")
    private Path localPath;

    @Option(
            names = "--local-path-listen-addr",
            paramLabel = "HOST:PORT",
            description = "Serve the files of --local-path here, over plain HTTP, for IMPORT INTO to read.")
    private String listenAddress;

    @Option(
            names = "--local-path-crdb-access-addr",
            paramLabel = "HOST:PORT",
            description = "Where the target finds that server. Default: where it listens")
    private String accessAddress;

    @Option(
            names = "--local-path-nodelocal",
            paramLabel = "URL",
            description =
                    "The folder of --local-path as a node of CockroachDB has it, below its --external-io-dir: nodelocal://1/loads. IMPORT INTO"
                            + " reads it there, and nothing is served.")
    private String nodelocal;

    @Option(
            names = "--use-copy",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description =
                    "Load files into CockroachDB by COPY instead of IMPORT INTO: slower, but tables stay online. Files go into PostgreSQL by"
                            + " COPY in any case.")
    private boolean useCopy;

    @Option(
            names = "--compression",
            paramLabel = "gzip|none",
            converter = CompressionConverter.class,
            description = "Of files. Default: gzip in buckets, none in folders")
    private Compression compression;

    @Option(
            names = "--flush-size",
            paramLabel = "BYTES",
            description = "A file ends when it holds so many bytes, before compression. Default: 268435456")
    private Long flushSize;

    @Option(
            names = "--flush-rows",
            paramLabel = "ROWS",
            description = "A file ends when it holds so many rows. Default: only the size counts")
    private Long flushRows;

    @Option(
            names = "--import-batch-size",
            paramLabel = "FILES",
            defaultValue = "" + FileOptions.DEFAULT_BATCH_FILES,
            description = "How many files one IMPORT INTO reads at most. Default: ${DEFAULT-VALUE}")
    private int importBatchSize = FileOptions.DEFAULT_BATCH_FILES;

    @Option(names = "--import-region", paramLabel = "REGION", description = "The region of an S3 bucket.")
    private String importRegion;

    @Option(
            names = "--use-implicit-auth",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description =
                    "Enter the bucket by what this machine is, and let the target do the same, instead of by keys.")
    private boolean implicitAuth;

    @Option(
            names = "--assume-role",
            paramLabel = "ROLE",
            description = "A role to take on first: an ARN for S3, service accounts for gs. Needs --use-implicit-auth.")
    private String assumeRole;

    @Option(
            names = "--cleanup",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description = "Delete the files when all rows are on the target.")
    private boolean cleanup;

    FetchMode mode() {
        return mode;
    }

    /**
     * @return how rows go through files; empty if they go directly
     * @throws RefusedException if options do not go together
     */
    Optional<FileOptions> read(Map<String, String> environment) {
        if (bucketPath != null && localPath != null) {
            throw new RefusedException("--bucket-path and --local-path are both given", "give one of the two");
        }
        boolean files = bucketPath != null || localPath != null;
        if (files && directCopy) {
            throw new RefusedException(
                    "--direct-copy needs no files, and " + (bucketPath != null ? "--bucket-path" : "--local-path")
                            + " says where they go",
                    "leave one of the two away");
        }
        if (!files) {
            requireNoFileOptions();
            return Optional.empty();
        }
        if (nodelocal != null && (localPath == null || listenAddress != null)) {
            throw new RefusedException(
                    "--local-path-nodelocal says where a node has the folder of --local-path",
                    "give --local-path with it, and no --local-path-listen-addr: the node reads the files by itself");
        }
        if (localPath == null && (listenAddress != null || accessAddress != null)) {
            throw new RefusedException(
                    "--local-path-listen-addr is about the files of a folder, and they go to a bucket",
                    "leave it away, or give --local-path instead of --bucket-path");
        }
        if (accessAddress != null && listenAddress == null) {
            throw new RefusedException(
                    "--local-path-crdb-access-addr is given without --local-path-listen-addr", "give both");
        }
        FilePlace place = localPath != null ? directory() : bucket(environment);
        Compression chosen =
                compression != null ? compression : localPath != null ? Compression.NONE : Compression.GZIP;
        return Optional.of(new FileOptions(place, chosen, limits(), batchSize(), useCopy, cleanup));
    }

    private FilePlace directory() {
        return nodelocal != null
                ? FilePlace.nodelocal(localPath, nodelocal)
                : FilePlace.directory(
                        localPath, Optional.ofNullable(listenAddress), Optional.ofNullable(accessAddress));
    }

    private FilePlace bucket(Map<String, String> environment) {
        return FilePlace.bucket(
                StoreUrl.parse(bucketPath),
                new StoreAccess(
                        implicitAuth, Optional.ofNullable(assumeRole), Optional.ofNullable(importRegion), environment));
    }

    private FileLimits limits() {
        return new FileLimits(
                positive("--flush-rows", flushRows, FileLimits.DEFAULT.rowsMax()),
                positive("--flush-size", flushSize, FileLimits.DEFAULT.bytesMax()));
    }

    private int batchSize() {
        return (int) positive("--import-batch-size", (long) importBatchSize, 0);
    }

    private static long positive(String option, Long value, long otherwise) {
        if (value != null && value < 1) {
            throw new RefusedException(option + " is " + value, "give a number of at least 1");
        }
        return value == null ? otherwise : value;
    }

    private void requireNoFileOptions() {
        if (mode != FetchMode.DATA_LOAD) {
            throw new RefusedException(
                    "--mode is about files, and nothing says where they are", "give --bucket-path or --local-path");
        }
        boolean some = listenAddress != null
                || accessAddress != null
                || nodelocal != null
                || flushSize != null
                || flushRows != null
                || cleanup
                || implicitAuth
                || assumeRole != null
                || importRegion != null;
        if (some) {
            throw new RefusedException(
                    "options about files are given, but the load goes without files",
                    "give --bucket-path or --local-path, or leave them away");
        }
    }

    /** @throws RefusedException if the way is not one that the target has */
    static void requirePossible(Optional<FileOptions> files, Product target) {
        if (files.isPresent() && target != Product.POSTGRESQL && target != Product.COCKROACHDB) {
            throw new RefusedException("files cannot be loaded into " + target, "load without files");
        }
    }

    /** MOLT's spellings. */
    static final class ModeConverter implements ITypeConverter<FetchMode> {
        @Override
        public FetchMode convert(String value) {
            return switch (value) {
                case "data-load" -> FetchMode.DATA_LOAD;
                case "export-only" -> FetchMode.EXPORT_ONLY;
                case "import-only" -> FetchMode.IMPORT_ONLY;
                default ->
                    throw new TypeConversionException(
                            "\"" + value + "\" is unknown; use data-load, export-only or import-only");
            };
        }
    }

    /** Lower case, as on the command line. */
    static final class CompressionConverter implements ITypeConverter<Compression> {
        @Override
        public Compression convert(String value) {
            return switch (value) {
                case "gzip" -> Compression.GZIP;
                case "none" -> Compression.NONE;
                default -> throw new TypeConversionException("\"" + value + "\" is unknown; use gzip or none");
            };
        }
    }
}
