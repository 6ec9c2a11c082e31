package dev.godwit.fetch;

import static dev.godwit.fetch.TestDatabases.all;
import static dev.godwit.fetch.TestDatabases.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the snapshot when a load ends before its time. */
abstract class ContinuationContract {
    /** Long enough to look that it is there, on a busy machine too. */
    private static final Duration KEPT = Duration.ofSeconds(4);

    abstract LoadEnvironment environment();

    private TestDatabases filled() throws SQLException {
        TestDatabases databases = environment().create();
        databases.onBoth("CREATE TABLE t (id int PRIMARY KEY, body text)");
        databases.onSource("INSERT INTO t" + environment().rows(20_000) + "i, repeat(md5(concat(i, '')), 20) FROM n");
        environment().analyze(databases, "t");
        return databases;
    }

    private static FetchRequest.Builder request(TestDatabases databases, Optional<String> fetchId, Duration keep) {
        return databases
                .request(all("public.t"))
                .shardBytes(1 << 20)
                .concurrency(2)
                .continuation(Continuation.of(fetchId, keep));
    }

    /** With large shards the connection goes in the middle of one, with small ones between two. */
    @ParameterizedTest
    @ValueSource(longs = {1 << 20, 1 << 30})
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aLostConnectionIsReplacedByOneThatSeesTheSameSnapshot(long shardBytes) throws SQLException {
        TestDatabases databases = filled();
        AtomicBoolean cut = new AtomicBoolean();
        List<String> warnings = new ArrayList<>();

        FetchResult result = FetchJob.run(
                request(databases, Optional.empty(), Duration.ofMinutes(1))
                        .shardBytes(shardBytes)
                        .build(),
                new FetchListener() {
                    @Override
                    public void warned(String message) {
                        warnings.add(message);
                    }

                    @Override
                    public void progressed(TableName table, long moreRows, long moreBytes) {
                        if (cut.compareAndSet(false, true)) {
                            cutOff(databases);
                        }
                    }
                });

        assertThat(warnings).allMatch(warning -> warning.contains("again, from the same snapshot"));
        assertThat(!warnings.isEmpty() || !environment().readersAreBusy()).isTrue();
        assertThat(cut).isTrue();
        assertThat(result.rowsTotal()).isEqualTo(20_000);
        assertThat(one(databases.target, "SELECT count(*) || ' ' || count(*) FILTER (WHERE body = 'new') FROM t"))
                .isEqualTo("20000 0");
        assertNobodyKeepsTheSnapshot(databases);
    }

    private void assertNobodyKeepsTheSnapshot(TestDatabases databases) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> environment().keepers(databases).isEmpty());
    }

    private void cutOff(TestDatabases databases) {
        try {
            databases.onSource("UPDATE t SET body = 'new'");
            environment().cutOffReaders(databases);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aSnapshotThatNobodyComesForIsLetGoAndItsSlotWithIt() throws SQLException {
        TestDatabases databases = filled();
        databases.onTarget("ALTER TABLE t ADD CONSTRAINT small CHECK (id < 10)");
        List<String> ids = new ArrayList<>();
        FetchFailedException failed = catchThrowableOfType(
                FetchFailedException.class,
                () -> FetchJob.run(request(databases, Optional.empty(), KEPT).build(), new FetchListener() {
                    @Override
                    public void loadNamed(String fetchId) {
                        ids.add(fetchId);
                    }
                }));
        assertThat(failed).hasMessageContaining("small");
        assertThat(failed.remedy()).contains("--fetch-id " + ids.get(0));
        assertThat(databases.captures()).hasSize(environment().captures());
        assertThat(environment().keepers(databases)).isNotEmpty();

        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            assertThat(environment().keepers(databases)).isEmpty();
            assertThat(databases.captures()).doesNotContain("slot " + databases.slot);
        });
        RefusedException refused = catchThrowableOfType(
                RefusedException.class,
                () -> FetchJob.run(
                        request(databases, Optional.of(ids.get(0)), KEPT).build(), new FetchListener() {}));
        assertThat(refused).hasMessageContaining("the snapshot that the others come from is gone");
        assertThat(one(databases.target, "SELECT count(*) FROM t")).isEqualTo("0");
    }

    @Test
    void aFailedLoadIsCarriedOnWithTheRowsOfItsOwnSnapshot() throws SQLException {
        TestDatabases databases = filled();
        databases.onTarget("ALTER TABLE t ADD CONSTRAINT small CHECK (id < 15000)");
        List<String> ids = new ArrayList<>();
        FetchListener listener = new FetchListener() {
            @Override
            public void loadNamed(String fetchId) {
                ids.add(fetchId);
            }
        };
        assertThat(catchThrowableOfType(
                        FetchFailedException.class,
                        () -> FetchJob.run(
                                request(databases, Optional.empty(), Duration.ofMinutes(1))
                                        .build(),
                                listener)))
                .isNotNull();
        long first = Long.parseLong(one(databases.target, "SELECT count(*) FROM t"));
        assertThat(first).isBetween(1L, 15_000L);
        databases.onTarget("ALTER TABLE t DROP CONSTRAINT small");
        databases.onSource("UPDATE t SET body = 'new'", "INSERT INTO t VALUES (0, 'new')");

        FetchResult result = FetchJob.run(
                request(databases, Optional.of(ids.get(0)), Duration.ofMinutes(1))
                        .build(),
                listener);

        assertThat(result.rowsTotal()).isEqualTo(20_000);
        assertThat(one(databases.target, "SELECT count(*) || ' ' || count(*) FILTER (WHERE body = 'new') FROM t"))
                .isEqualTo("20000 0");
        assertNobodyKeepsTheSnapshot(databases);
        assertThat(databases.captures()).hasSize(environment().captures());
    }
}
