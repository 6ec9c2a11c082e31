package dev.godwit.fetch.store;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Google Cloud Storage. A file is there when its upload is closed; an upload that never is leaves nothing. */
public final class GcsStore implements FileStore {
    private static final String KEY_FILE = "GOOGLE_APPLICATION_CREDENTIALS";
    private static final List<String> SCOPES = List.of("https://www.googleapis.com/auth/devstorage.read_write");

    private final StoreUrl url;
    private final StoreAccess access;
    private final Storage storage;

    /** Does not ask the server anything yet. */
    public GcsStore(StoreUrl url, StoreAccess access) {
        this(
                url,
                access,
                StorageOptions.http()
                        .setCredentials(credentials(url, access))
                        .build()
                        .getService());
    }

    /** On a client that is made already. */
    GcsStore(StoreUrl url, StoreAccess access, Storage storage) {
        this.url = url;
        this.access = access;
        this.storage = storage;
    }

    private static GoogleCredentials credentials(StoreUrl url, StoreAccess access) {
        try {
            if (!access.implicit()) {
                try (InputStream key = Files.newInputStream(Path.of(access.requireVariable(KEY_FILE, url)))) {
                    return ServiceAccountCredentials.fromStream(key).createScoped(SCOPES);
                }
            }
            GoogleCredentials machine =
                    GoogleCredentials.getApplicationDefault().createScoped(SCOPES);
            if (access.assumeRole().isEmpty()) {
                return machine;
            }
            // A chain: the last is the one to become, those before it are asked one after the other.
            List<String> chain =
                    new ArrayList<>(Arrays.asList(access.assumeRole().get().split(",")));
            String last = chain.remove(chain.size() - 1);
            return ImpersonatedCredentials.create(machine, last, chain, SCOPES, 3600);
        } catch (IOException e) {
            throw new RefusedException(
                    "there are no credentials for " + url + ": " + e.getMessage(),
                    "set " + KEY_FILE + " to a service account's key file, or give --use-implicit-auth");
        }
    }

    @Override
    public String location() {
        return url.toString();
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private <T> T ask(String what, Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (StorageException e) {
            throw new IOException("cannot " + what + " in " + url + ": " + e.getMessage(), e);
        }
    }

    @Override
    public FileSink create(String name) throws IOException {
        BlobInfo info = BlobInfo.newBuilder(url.bucket(), url.key(name)).build();
        WriteChannel channel = ask("begin " + name, () -> storage.writer(info));
        channel.setChunkSize(PartSink.PART_BYTES);
        return new FileSink() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                while (buffer.hasRemaining()) {
                    ask("write " + name, () -> channel.write(buffer));
                }
            }

            @Override
            public void commit() throws IOException {
                ask("complete " + name, () -> {
                    channel.close();
                    return name;
                });
            }

            @Override
            public void close() {
                // Closing the channel would complete the file: left open, the upload expires.
            }
        };
    }

    @Override
    public InputStream open(String name) throws IOException {
        Blob blob = ask("read " + name, () -> storage.get(url.bucket(), url.key(name)));
        if (blob == null) {
            throw new NoSuchFileException(url + "/" + name);
        }
        return Channels.newInputStream(blob.reader());
    }

    @Override
    public List<StoredFile> list(String prefix) throws IOException {
        return ask("list files", () -> {
            List<StoredFile> found = new ArrayList<>();
            for (Blob blob : storage.list(url.bucket(), Storage.BlobListOption.prefix(url.key(prefix)))
                    .iterateAll()) {
                found.add(new StoredFile(url.name(blob.getName()), blob.getSize()));
            }
            return found;
        });
    }

    @Override
    public void delete(String name) throws IOException {
        ask("delete " + name, () -> storage.delete(url.bucket(), url.key(name)));
    }

    @Override
    public String importUrl(String name) {
        Map<String, String> parameters = StoreAccess.parameters();
        if (access.implicit()) {
            parameters.put("AUTH", "implicit");
            access.assumeRole().ifPresent(role -> parameters.put("ASSUME_ROLE", role));
        } else {
            parameters.put("AUTH", "specified");
            parameters.put("CREDENTIALS", keyFile());
        }
        return StoreAccess.importUrl(url, name, parameters);
    }

    private String keyFile() {
        try {
            byte[] key = Files.readAllBytes(Path.of(access.requireVariable(KEY_FILE, url)));
            return Base64.getEncoder().encodeToString(key);
        } catch (IOException e) {
            throw new RefusedException(
                    "the key file for " + url + " cannot be read: " + e.getMessage(), "see " + KEY_FILE);
        }
    }

    @Override
    public void close() {
        try {
            storage.close();
        } catch (Exception e) {
            throw new IllegalStateException("the client of " + url + " does not close", e);
        }
    }
}
