package dev.godwit.fetch.store;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.BinaryData;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.specialized.BlockBlobClient;
import com.azure.storage.common.StorageSharedKeyCredential;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Azure Blob Storage. Large files go in blocks, which become a file when their list is committed; blocks that never are
 * vanish after a week.
 */
public final class AzureStore implements FileStore {
    private static final String ACCOUNT = "AZURE_ACCOUNT_NAME";
    private static final String KEY = "AZURE_ACCOUNT_KEY";

    private final StoreUrl url;
    private final StoreAccess access;
    private final BlobContainerClient container;

    /** Does not ask the server anything yet. {@code AZURE_ENDPOINT_URL} names a server other than Azure's own. */
    public AzureStore(StoreUrl url, StoreAccess access) {
        this.url = url;
        this.access = access;
        String account = access.requireVariable(ACCOUNT, url);
        BlobServiceClientBuilder builder = new BlobServiceClientBuilder()
                .httpClient(new JdkHttpClientBuilder().build())
                .endpoint(
                        access.variable("AZURE_ENDPOINT_URL").orElse("https://" + account + ".blob.core.windows.net"));
        if (access.implicit()) {
            builder.credential(new DefaultAzureCredentialBuilder()
                    .httpClient(new JdkHttpClientBuilder().build())
                    .build());
        } else {
            builder.credential(new StorageSharedKeyCredential(account, access.requireVariable(KEY, url)));
        }
        this.container = builder.buildClient().getBlobContainerClient(url.bucket());
    }

    @Override
    public String location() {
        return url.toString();
    }

    private BlockBlobClient blob(String name) {
        return container.getBlobClient(url.key(name)).getBlockBlobClient();
    }

    private <T> T ask(String what, Supplier<T> call) throws IOException {
        try {
            return call.get();
        } catch (BlobStorageException e) {
            if (BlobErrorCode.BLOB_NOT_FOUND.equals(e.getErrorCode())) {
                throw new NoSuchFileException(what + " in " + url);
            }
            throw new IOException("cannot " + what + " in " + url + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            // The SDK hands connection failures through as they come, in several wrappings.
            throw new IOException("cannot " + what + " in " + url + ": " + e.getMessage(), e);
        }
    }

    @Override
    public FileSink create(String name) {
        BlockBlobClient blob = blob(name);
        return new PartSink() {
            private final List<String> sent = new ArrayList<>();

            @Override
            void send(int number, ByteBuffer bytes) throws IOException {
                // All ids of a blob have to be of the same length.
                String id = Base64.getEncoder()
                        .encodeToString(
                                String.format(Locale.ROOT, "%08d", number).getBytes(StandardCharsets.US_ASCII));
                ask("write " + name, () -> {
                    blob.stageBlock(id, BinaryData.fromByteBuffer(bytes));
                    return id;
                });
                sent.add(id);
            }

            @Override
            void sendWhole(ByteBuffer bytes) throws IOException {
                ask("write " + name, () -> blob.upload(BinaryData.fromByteBuffer(bytes), true));
            }

            @Override
            void complete() throws IOException {
                ask("complete " + name, () -> blob.commitBlockList(sent, true));
            }

            @Override
            void abort() {
                // Blocks without a list are no file, and cannot be deleted one by one.
            }
        };
    }

    @Override
    public InputStream open(String name) throws IOException {
        return ask("read " + name, () -> blob(name).openInputStream());
    }

    @Override
    public List<StoredFile> list(String prefix) throws IOException {
        return ask(
                "list files",
                () -> container.listBlobs(new ListBlobsOptions().setPrefix(url.key(prefix)), null).stream()
                        .map(item -> new StoredFile(
                                url.name(item.getName()), item.getProperties().getContentLength()))
                        .toList());
    }

    @Override
    public void delete(String name) throws IOException {
        ask("delete " + name, () -> blob(name).deleteIfExists());
    }

    @Override
    public String importUrl(String name) {
        Map<String, String> parameters = StoreAccess.parameters();
        if (access.implicit()) {
            parameters.put("AUTH", "implicit");
        } else {
            parameters.put(KEY, access.requireVariable(KEY, url));
        }
        parameters.put(ACCOUNT, access.requireVariable(ACCOUNT, url));
        return StoreAccess.importUrl(url, name, parameters);
    }

    @Override
    public void close() {
        // The SDK's client holds no connection of its own.
    }
}
