package dev.godwit.fetch.store;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** Against Azurite, Microsoft's own emulator, where it is installed. */
class AzureStoreTest extends BucketContract {
    /** The account every Azurite has, as its documentation publishes it. */
    private static final String ACCOUNT = "devstoreaccount1";

    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static AzuriteServer server;
    private static int folders;

    @BeforeAll
    static void startServer() throws IOException {
        Assumptions.assumeTrue(
                AzuriteServer.isInstalled(),
                "skipped: there is no azurite on the PATH (npm install -g azurite, or GODWIT_AZURITE)");
        server = AzuriteServer.start();
        new BlobServiceClientBuilder()
                .httpClient(new JdkHttpClientBuilder().build())
                .endpoint(server.url() + "/" + ACCOUNT)
                .credential(new StorageSharedKeyCredential(ACCOUNT, KEY))
                .buildClient()
                .createBlobContainer("loads");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private static StoreAccess access() {
        return new StoreAccess(
                false,
                Optional.empty(),
                Optional.empty(),
                Map.of(
                        "AZURE_ACCOUNT_NAME", ACCOUNT,
                        "AZURE_ACCOUNT_KEY", KEY,
                        "AZURE_ENDPOINT_URL", server.url() + "/" + ACCOUNT));
    }

    @Override
    FileStore newStore() {
        folders++;
        return new AzureStore(StoreUrl.parse("azure-blob://loads/folder-" + folders), access());
    }

    @Override
    FilePlace place(String folder) {
        return FilePlace.bucket(StoreUrl.parse("azure-blob://loads/" + folder), access());
    }
}
