package dev.godwit.fetch;

import static dev.godwit.fetch.TestDatabases.all;
import static dev.godwit.fetch.TestDatabases.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MysqlContinuationTest extends ContinuationContract {
    private static final int ROWS = 5_000;
    private static final String SUMS =
            "SELECT count(*), count(DISTINCT n), sum(n), sum(CASE WHEN body = 'new' THEN 1 ELSE 0 END) FROM t";

    @Override
    LoadEnvironment environment() {
        return new MysqlEnvironment();
    }

    /** Its boundaries are texts of a collation that takes many for equal, with bytes behind them. */
    @Test
    void shardsOfTextsAndBytesAreCarriedOnWhereTheyWereCut() throws SQLException {
        TestDatabases databases = environment().create();
        databases.onSource(
                "CREATE TABLE t (a varchar(20) COLLATE utf8mb4_0900_ai_ci, k binary(16), n int, body varchar(200), PRIMARY KEY (a, k))",
                "INSERT INTO t" + environment().rows(ROWS)
                        + "elt(1 + i % 5, 'It''s \\\\', 'it''s \\\\ ', 'É', 'e', '\uD83D\uDE00'), unhex(md5(i)), i, repeat('x', 150) FROM n");
        databases.onTarget(
                "CREATE TABLE t (a varchar(20), k bytea, n int CONSTRAINT small CHECK (n < 4900), body varchar(200), PRIMARY KEY (a, k))");
        environment().analyze(databases, "t");
        List<String> ids = new ArrayList<>();
        FetchListener listener = new FetchListener() {
            @Override
            public void loadNamed(String fetchId) {
                ids.add(fetchId);
            }
        };
        assertThatThrownBy(() -> FetchJob.run(request(databases, Optional.empty()), listener))
                .isInstanceOf(FetchFailedException.class);
        String shards = "SELECT count(*), count(*) FILTER (WHERE condition LIKE '%`a`%`k`%') FROM _godwit.fetch_shard";
        assertThat(one(databases.target, shards)).matches("(\\d{2,})\\|\\1");
        databases.onTarget("ALTER TABLE t DROP CONSTRAINT small");
        databases.onSource("UPDATE t SET body = 'new', n = n + 100000", "DELETE FROM t WHERE a = 'e'");

        FetchResult result = FetchJob.run(request(databases, Optional.of(ids.get(0))), listener);

        assertThat(result.rowsTotal()).isEqualTo(ROWS);
        assertThat(one(databases.target, SUMS))
                .isEqualTo(ROWS + "|" + ROWS + "|" + (long) ROWS * (ROWS + 1) / 2 + "|0");
    }

    private static FetchRequest request(TestDatabases databases, Optional<String> fetchId) {
        return databases
                .request(all("public.t"))
                .shardBytes(64 << 10)
                .concurrency(2)
                .continuation(Continuation.of(fetchId, Duration.ofMinutes(1)))
                .build();
    }
}
