package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.verify.RowDifference.Kind;
import dev.godwit.verify.TestReplicator.Ends;
import dev.godwit.verify.live.LiveDomains;
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

/** What {@code --live} tells while rows are written and replicated, whatever the two databases are. */
abstract class LiveContract {
    private static final int HOT_ROWS = 300;

    private final List<RowDifference> told = Collections.synchronizedList(new ArrayList<>());

    /** With a table {@code a} of 2,000 rows on both sides. */
    abstract Ends ends();

    private Ends ends;

    @BeforeEach
    void createTables() {
        ends = ends();
    }

    private TestReplicator replicator() throws SQLException {
        return new TestReplicator(HOT_ROWS, ends);
    }

    @Test
    void noDifferenceOfTimeIsReportedUnderTraffic() throws SQLException {
        try (TestReplicator replicator = replicator().start()) {
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
        ends.onTarget("UPDATE %s SET v = 'planted' WHERE id = 1500");
        ends.onTarget("DELETE FROM %s WHERE id = 1501");
        ends.onTarget("INSERT INTO %s VALUES (3000, 'planted')");
        try (TestReplicator replicator = replicator().start()) {
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
        try (TestReplicator replicator = replicator().start();
                Connection connection = ends.source().open()) {
            replicator.lose("'lost'");
            replicator.write(connection, "UPDATE %s SET v = 'lost' WHERE id = 1999");
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
        ends.onTarget("DELETE FROM %s WHERE id = 1501");
        try (TestReplicator replicator = replicator().startTrafficOnly()) {
            assertThatThrownBy(() -> verify(Duration.ofMillis(300)))
                    .isInstanceOfSatisfying(VerifyFailedException.class, e -> assertThat(e.remedy())
                            .contains("--live-timeout"))
                    .hasMessageContaining("could not be settled")
                    .hasMessageContaining("stands at nothing and has not passed");
            assertThat(told).isEmpty();
            assertThat(replicator).isNotNull();
        }
    }

    private VerifyReport verify(Duration timeout) {
        told.clear();
        return VerifyJob.run(
                new VerifyRequest(
                        ends.source(),
                        ends.target(),
                        List.of(TablePair.of(new TableSlice(TableName.parse(ends.name()), Optional.empty()))),
                        1,
                        1000,
                        10,
                        Optional.empty(),
                        Optional.of(new LiveSettings(LiveDomains.single(TestReplicator.DOMAIN), timeout))),
                new VerifyListener() {
                    @Override
                    public void rowDiffers(TableName table, RowDifference difference) {
                        told.add(difference);
                    }
                });
    }
}
