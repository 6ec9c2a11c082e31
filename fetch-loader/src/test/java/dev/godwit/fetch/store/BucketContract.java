package dev.godwit.fetch.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.fetch.Continuation;
import dev.godwit.fetch.FetchJob;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchMode;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.FileOptions;
import dev.godwit.fetch.ImportRequest;
import dev.godwit.fetch.Splitting;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.TestDatabases;
import dev.godwit.fetch.file.Compression;
import dev.godwit.fetch.file.FileLimits;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A store that loads go through as a user names it, with a real server behind it. */
abstract class BucketContract extends FileStoreContract {
    private static final String SUM = "SELECT count(*) || ' ' || sum(hashtextextended(body, id)::numeric) FROM t";

    /** A folder as the command line would name it. */
    abstract FilePlace place(String folder);

    private static TestDatabases filled() throws Exception {
        TestDatabases databases = TestDatabases.with("CREATE TABLE t (id int PRIMARY KEY, body text)");
        databases.onSource("INSERT INTO t SELECT i, repeat(md5(i::text), 10) FROM generate_series(1, 20000) i");
        return databases;
    }

    private FileOptions files(String folder) {
        return new FileOptions(place(folder), Compression.GZIP, new FileLimits(3_000, Long.MAX_VALUE), 10, false, true);
    }

    private FetchRequest.Builder request(TestDatabases databases, String folder) {
        return FetchRequest.builder(databases.source, databases.target)
                .slices(List.of(TestDatabases.all("public.t")))
                .slotName(databases.slot)
                .publicationName(databases.slot)
                .shardBytes(1 << 20)
                .files(files(folder));
    }

    private int stored(String folder) throws Exception {
        try (FilePlace.Open open = place(folder).open("secret")) {
            return open.store().list("").size();
        }
    }

    @Test
    void aLoadGoesThroughItAndLeavesNothingThere() throws Exception {
        TestDatabases databases = filled();

        FetchResult result = FetchJob.run(request(databases, "whole").build(), new FetchListener() {});

        assertThat(result.rowsTotal()).isEqualTo(20_000);
        assertThat(TestDatabases.one(databases.target, SUM)).isEqualTo(TestDatabases.one(databases.source, SUM));
        assertThat(stored("whole")).isZero();
    }

    @Test
    void anExportIsImportedFromItLater() throws Exception {
        TestDatabases databases = filled();
        String expected = TestDatabases.one(databases.source, SUM);

        FetchResult exported = FetchJob.run(
                request(databases, "later").mode(FetchMode.EXPORT_ONLY).build(), new FetchListener() {});
        assertThat(stored("later")).isGreaterThan(7);
        databases.onSource("DROP TABLE t");
        FetchResult imported = FetchJob.importFiles(
                new ImportRequest(
                        databases.target,
                        files("later"),
                        TableHandling.NONE,
                        Splitting.ofWorkers(2),
                        Continuation.of(Optional.of(exported.fetchId()), Continuation.DEFAULT_KEEP)),
                new FetchListener() {});

        assertThat(imported.rowsTotal()).isEqualTo(20_000);
        assertThat(TestDatabases.one(databases.target, SUM)).isEqualTo(expected);
        assertThat(stored("later")).isZero();
    }
}
