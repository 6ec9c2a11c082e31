package dev.godwit.fetch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchJob;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.FileOptions;
import dev.godwit.fetch.TestDatabases;
import dev.godwit.fetch.file.Compression;
import dev.godwit.fetch.file.FileLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class S3StoreTest extends FileStoreContract {
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

    @Test
    void aLoadGoesThroughABucketAndLeavesNothingThere() throws Exception {
        TestDatabases databases = TestDatabases.with("CREATE TABLE t (id int PRIMARY KEY, body text)");
        databases.onSource("INSERT INTO t SELECT i, repeat(md5(i::text), 10) FROM generate_series(1, 20000) i");
        FilePlace place = FilePlace.bucket(StoreUrl.parse("s3://loads/whole"), access(environment()));
        FetchRequest request = FetchRequest.builder(databases.source, databases.target)
                .slices(List.of(TestDatabases.all("public.t")))
                .slotName(databases.slot)
                .publicationName(databases.slot)
                .shardBytes(1 << 20)
                .files(new FileOptions(place, Compression.GZIP, new FileLimits(3_000, Long.MAX_VALUE), 10, false, true))
                .build();
        List<Integer> stored = new ArrayList<>();

        FetchResult result = FetchJob.run(request, new FetchListener() {
            @Override
            public void importStarted(Map<TableName, Long> rows) {
                try (FileStore store = new S3Store(StoreUrl.parse("s3://loads/whole"), access(environment()))) {
                    stored.add(store.list("").size());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });

        assertThat(result.rowsTotal()).isEqualTo(20_000);
        String sum = "SELECT count(*) || ' ' || sum(hashtextextended(body, id)::numeric) FROM t";
        assertThat(TestDatabases.one(databases.target, sum)).isEqualTo(TestDatabases.one(databases.source, sum));
        assertThat(stored).singleElement().satisfies(files -> assertThat(files).isGreaterThan(7));
        try (FileStore store = new S3Store(StoreUrl.parse("s3://loads/whole"), access(environment()))) {
            assertThat(store.list("")).isEmpty();
        }
    }
}
