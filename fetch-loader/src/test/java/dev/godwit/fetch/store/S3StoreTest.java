package dev.godwit.fetch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class S3StoreTest extends BucketContract {
    private static S3Server server;
    private static int folders;

    @BeforeAll
    static void startServer() throws IOException {
        server = S3Server.start("loads");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private static StoreAccess access(Map<String, String> environment) {
        return new StoreAccess(false, Optional.empty(), Optional.of("eu-central-1"), environment);
    }

    private static Map<String, String> environment() {
        return Map.of(
                "AWS_ACCESS_KEY_ID", "AKIAEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "se/cr+et",
                "AWS_ENDPOINT_URL", server.url());
    }

    @Override
    FileStore newStore() {
        folders++;
        return new S3Store(StoreUrl.parse("s3://loads/folder-" + folders), access(environment()));
    }

    @Test
    void isReadByTheTargetWithTheKeysOfTheEnvironment() {
        try (FileStore store = new S3Store(StoreUrl.parse("s3://loads/eu/"), access(environment()))) {
            assertThat(store.importUrl("t/1.csv.gz"))
                    .startsWith("s3://loads/eu/t/1.csv.gz?AWS_ACCESS_KEY_ID=AKIAEXAMPLE"
                            + "&AWS_SECRET_ACCESS_KEY=se%2Fcr%2Bet&AWS_REGION=eu-central-1&AWS_ENDPOINT=http%3A");
            assertThat(store.location()).isEqualTo("s3://loads/eu");
        }
    }

    @Test
    void namesTheVariableThatIsNotSet() {
        assertThatThrownBy(() -> new S3Store(StoreUrl.parse("s3://loads"), access(Map.of())))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("AWS_ACCESS_KEY_ID is not set");
    }

    @Test
    void tellsWhichBucketIsNotThere() {
        try (FileStore store = new S3Store(StoreUrl.parse("s3://elsewhere"), access(environment()))) {
            assertThatThrownBy(() -> store.list(""))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("s3://elsewhere");
        }
    }

    @Override
    FilePlace place(String folder) {
        return FilePlace.bucket(StoreUrl.parse("s3://loads/" + folder), access(environment()));
    }
}
