package dev.godwit.fetch.store;

import dev.godwit.database.RefusedException;
import dev.godwit.fetch.importinto.FileServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the user wants the files: a bucket or a local directory.
 *
 * @param bucket empty for a directory
 * @param directory empty for a bucket
 * @param listen where the files of the directory are served to the target; empty for nowhere
 * @param accessAddress under which the target sees that address; empty for the same
 * @param nodelocal the URL under which the target has the directory itself, below the external I/O directory of a node; empty if it has not
 */
public record FilePlace(
        Optional<StoreUrl> bucket,
        StoreAccess access,
        Optional<Path> directory,
        Optional<String> listen,
        Optional<String> accessAddress,
        Optional<String> nodelocal) {
    private static final Pattern NODELOCAL = Pattern.compile("nodelocal://([0-9]+|self)(/[^?#]*)?");

    public static FilePlace bucket(StoreUrl url, StoreAccess access) {
        return new FilePlace(
                Optional.of(url), access, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static FilePlace directory(Path directory, Optional<String> listen, Optional<String> accessAddress) {
        return new FilePlace(
                Optional.empty(), StoreAccess.NONE, Optional.of(directory), listen, accessAddress, Optional.empty());
    }

    /**
     * A directory that a node of the target sees too, below its {@code --external-io-dir}: nothing needs to be served.
     *
     * @param url the directory's own: {@code nodelocal://1/loads} for {@code loads} below that of node 1
     * @throws RefusedException if it is none
     */
    public static FilePlace nodelocal(Path directory, String url) {
        if (!NODELOCAL.matcher(url).matches()) {
            throw new RefusedException(
                    url + " is no URL of a node's directory",
                    "write it as nodelocal://NODE/FOLDER, nodelocal://1/loads");
        }
        return new FilePlace(
                Optional.empty(),
                StoreAccess.NONE,
                Optional.of(directory),
                Optional.empty(),
                Optional.empty(),
                Optional.of(url.endsWith("/") ? url.substring(0, url.length() - 1) : url));
    }

    /** An open store, with the server of its files if there is one. */
    public static final class Open implements AutoCloseable {
        private final FileStore store;
        private final Optional<FileServer> server;

        private Open(FileStore store, Optional<FileServer> server) {
            this.store = store;
            this.server = server;
        }

        public FileStore store() {
            return store;
        }

        /**
         * Asks the store once, before anything depends on it.
         *
         * @param imports whether the target will read the files by itself
         * @throws RefusedException if it does not answer, does not let us in, or the target cannot reach it
         */
        public void check(String fetchId, boolean imports) {
            if (imports) {
                store.importUrl(fetchId);
            }
            try {
                store.list(fetchId + "/");
            } catch (IOException e) {
                throw new RefusedException(
                        "the files cannot be kept in " + store.location() + ": " + e.getMessage(),
                        "check the place, and the credentials in the environment; nothing was written",
                        e);
            }
        }

        @Override
        public void close() {
            server.ifPresent(FileServer::close);
            store.close();
        }
    }

    /**
     * @param urlSecret the part of the URLs of a directory's files that nobody guesses
     * @throws dev.godwit.database.RefusedException if the place cannot be used
     */
    public Open open(String urlSecret) {
        if (bucket.isPresent()) {
            return new Open(cloud(bucket.get()), Optional.empty());
        }
        Path path = directory.orElseThrow();
        if (listen.isEmpty()) {
            return new Open(new LocalStore(path, nodelocal), Optional.empty());
        }
        new LocalStore(path, Optional.empty()).close(); // makes the directory
        FileServer server = FileServer.open(path, listen.get(), urlSecret);
        return new Open(new LocalStore(path, Optional.of(server.url(accessAddress))), Optional.of(server));
    }

    private FileStore cloud(StoreUrl url) {
        return switch (url.kind()) {
            case S3 -> new S3Store(url, access);
            case GS -> new GcsStore(url, access);
            case AZURE_BLOB -> new AzureStore(url, access);
        };
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return bucket.map(StoreUrl::toString)
                .orElseGet(() ->
                        directory.orElseThrow().toAbsolutePath().normalize().toString());
    }
}
