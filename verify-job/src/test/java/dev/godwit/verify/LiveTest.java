package dev.godwit.verify;

import static dev.godwit.verify.TwoDatabases.both;
import static dev.godwit.verify.TwoDatabases.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.verify.RowDifference.Kind;
import dev.godwit.verify.live.ConsistentPoints;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TwoDatabases.class)
class LiveTest {
    private static final int HOT_ROWS = 300;

    private final List<RowDifference> told = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void createTable() {
        both("CREATE TABLE s.a (id INT PRIMARY KEY, v TEXT);"
                + " INSERT INTO s.a SELECT i, 'v' || i FROM generate_series(1, 2000) i");
    }

    @Test
    void noDifferenceOfTimeIsReportedUnderTraffic() throws SQLException {
        try (TestReplicator replicator = new TestReplicator(HOT_ROWS).start()) {
            long retries = 0;
            for (int i = 0; i < 5 || retries == 0; i++) {
                VerifyReport report = verify(Duration.ofSeconds(60));
                assertThat(told).isEmpty();
                assertThat(report.isEqual()).isTrue();
                RowCounts counts = report.totals();
                assertThat(counts.success()).isEqualTo(counts.truthRows()).isBetween(1700L, 2000L);
                assertThat(report.tables().get(0).liveWait()).isPresent();
                retries += counts.liveRetry();
            }
            assertThat(replicator).isNotNull();
        }
    }

    @Test
    void realDifferencesAreFoundUnderTraffic() throws SQLException {
        target("UPDATE s.a SET v = 'planted' WHERE id = 1500; DELETE FROM s.a WHERE id = 1501;"
                + " INSERT INTO s.a VALUES (3000, 'planted')");
        try (TestReplicator replicator = new TestReplicator(HOT_ROWS).start()) {
            VerifyReport report = verify(Duration.ofSeconds(60));
            assertThat(report.isEqual()).isFalse();
            assertThat(told)
                    .extracting(RowDifference::kind, RowDifference::key)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple(Kind.MISMATCH, Map.of("id", "1500")),
                            org.assertj.core.groups.Tuple.tuple(Kind.MISSING, Map.of("id", "1501")),
                            org.assertj.core.groups.Tuple.tuple(Kind.EXTRANEOUS, Map.of("id", "3000")));
            assertThat(report.tables().get(0).firstDifferences()).hasSize(3);
            RowCounts counts = report.totals();
            assertThat(counts.truthRows()).isEqualTo(counts.success() + 2);
            assertThat(counts.missing() + counts.mismatch() + counts.extraneous())
                    .isEqualTo(3);
            assertThat(counts.liveRetry()).isGreaterThanOrEqualTo(4);
            assertThat(replicator).isNotNull();
        }
    }

    @Test
    void aChangeThatReplicationHasLostIsFound() throws SQLException {
        try (TestReplicator replicator = new TestReplicator(HOT_ROWS).start();
                Connection connection = TwoDatabases.source().open()) {
            replicator.lose("'lost'");
            replicator.write(connection, "UPDATE s.a SET v = 'lost' WHERE id = 1999");
            verify(Duration.ofSeconds(60));
            assertThat(told)
                    .containsExactly(new RowDifference(
                            Kind.MISMATCH,
                            Map.of("id", "1999"),
                            List.of(new RowDifference.ColumnDifference("v", "lost", "v1999"))));
        }
    }

    @Test
    void nothingCanBeToldIfReplicationStandsStill() throws SQLException {
        target("DELETE FROM s.a WHERE id = 1501");
        try (TestReplicator replicator = new TestReplicator(HOT_ROWS).startTrafficOnly()) {
            assertThatThrownBy(() -> verify(Duration.ofMillis(300)))
                    .isInstanceOfSatisfying(VerifyFailedException.class, e -> assertThat(e.remedy())
                            .contains("--live-timeout"))
                    .hasMessageContaining("could not be settled")
                    .hasMessageContaining("stands at nothing and has not passed");
            assertThat(told).isEmpty();
            assertThat(replicator).isNotNull();
        }
    }

    @Test
    void theDomainIsFoundOrRefused() throws SQLException {
        try (TestReplicator replicator = new TestReplicator(HOT_ROWS)) {
            assertThat(choose(Optional.empty())).isEqualTo(TestReplicator.DOMAIN);
            refused("no domain nowhere", Optional.of("nowhere"));
            target("INSERT INTO _godwit.domain VALUES ('other', 1, '17.0000000001', now(), NULL, '{}', now())");
            assertThat(choose(Optional.empty())).isEqualTo(TestReplicator.DOMAIN);
            refused("is a timestamp of CockroachDB, but the source is PostgreSQL", Optional.of("other"));
            target("UPDATE _godwit.domain SET consistent_point = '0/1' WHERE domain = 'other'");
            refused("more than one domain", Optional.empty());
            target("DELETE FROM _godwit.domain");
            refused("its ledger has none", Optional.empty());
            assertThat(replicator).isNotNull();
        }
    }

    private static String choose(Optional<String> domain) throws SQLException {
        return ConsistentPoints.choose(domain, TwoDatabases.source(), TwoDatabases.target())
                .domain();
    }

    private static void refused(String message, Optional<String> domain) {
        assertThatThrownBy(() -> choose(domain))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.remedy()).isNotBlank())
                .hasMessageContaining(message);
    }

    private VerifyReport verify(Duration timeout) {
        told.clear();
        return VerifyJob.run(
                new VerifyRequest(
                        TwoDatabases.source(),
                        TwoDatabases.target(),
                        List.of(TablePair.of(TwoDatabases.whole("a"))),
                        1,
                        1000,
                        10,
                        Optional.empty(),
                        Optional.of(new LiveSettings(TestReplicator.DOMAIN, timeout))),
                new VerifyListener() {
                    @Override
                    public void rowDiffers(dev.godwit.database.catalog.TableName table, RowDifference difference) {
                        told.add(difference);
                    }
                });
    }
}
