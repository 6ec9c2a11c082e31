package dev.godwit.apply.live;

import static dev.godwit.apply.live.DebeziumProducer.RowEvent.upsert;
import static dev.godwit.apply.live.LivePhase.execute;
import static dev.godwit.apply.live.LivePhase.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.godwit.apply.Applier;
import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.ledger.FencedException;
import dev.godwit.database.RefusedException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A direction that was applied in one mode, and is started in another. */
@ExtendWith(LiveServers.class)
class ModeSwitchTest {
    @TempDir
    private Path directory;

    private LivePhase phase;

    @BeforeEach
    void openPhase() {
        phase = new LivePhase(directory);
    }

    @AfterEach
    void closePhase() {
        phase.close();
    }

    @Test
    void goesOnFromWhereItWasWhenAllIsAtRest() {
        Applier consistent = phase.start(phase.config(LivePhase.LIMITS));
        write(1, 20);
        awaitOnePlace(20);
        consistent.close();
        Applier grouped = phase.start(in(ApplyMode.GROUPED));
        execute(phase.target, "UPDATE s.item SET name = 'untouched' WHERE id = 1");
        write(21, 40);
        awaitOnePlace(40);
        assertThat(grouped.statisticsByDomain().values()).allMatch(domain -> domain.transactions() == 20);
        grouped.close();
        Applier again = phase.start(phase.config(LivePhase.LIMITS));
        write(41, 60);
        awaitOnePlace(60);

        assertThat(again.statistics().transactions()).isEqualTo(20);
        assertThat(query(phase.target, "SELECT domain FROM _godwit.domain")).containsExactly(phase.domain);
        assertThat(query(phase.target, "SELECT name FROM s.item WHERE id = 1"))
                .as("nothing was applied twice")
                .containsExactly("untouched");
    }

    @Test
    void isRefusedWhileTheGroupsAreAtDifferentPlaces() throws Exception {
        Applier grouped = phase.start(in(ApplyMode.GROUPED));
        write(1, 5);
        awaitOnePlace(5);
        try (Connection blocker = phase.target.open();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE s.other IN EXCLUSIVE MODE");
            write(6, 10);
            phase.awaitItems(10);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(grouped::close);
            // Else it would wait for the lock for as long as closing may take.
            await().atMost(LivePhase.PATIENCE).until(() -> {
                query(
                        phase.target,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND"
                                + " wait_event_type = 'Lock'");
                return closing.isDone();
            });
            closing.get();
            blocker.rollback();
        }
        List<String> ledger = ledger();

        assertThatThrownBy(() -> phase.start(phase.config(LivePhase.LIMITS)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is applied in mode grouped by 2 domain(s)")
                .hasMessageContaining("not at one place")
                .extracting(refused -> ((RefusedException) refused).remedy())
                .asString()
                .contains("godwit apply drain");
        assertThat(ledger()).as("nothing was written").isEqualTo(ledger);

        phase.start(in(ApplyMode.GROUPED));
        awaitOnePlace(10);
    }

    @Test
    void fencesWhoStillAppliesInTheModeBefore() {
        Applier consistent = phase.start(phase.config(LivePhase.LIMITS));
        write(1, 5);
        awaitOnePlace(5);
        Applier grouped = phase.start(in(ApplyMode.GROUPED));
        write(6, 10);

        assertThat(phase.awaitFailure(consistent)).isInstanceOf(FencedException.class);
        awaitOnePlace(10);
        assertThat(grouped.failure()).isEmpty();
    }

    private ApplyConfig in(ApplyMode mode) {
        return phase.config(LivePhase.LIMITS).in(mode);
    }

    private void write(int from, int to) {
        for (int id = from; id <= to; id++) {
            phase.debezium.transaction(upsert("item", id, "n" + id), upsert("other", id, "n" + id));
        }
        phase.debezium.flush();
    }

    /** Everything is applied, and the ledger has nothing beyond one consistent point. */
    private void awaitOnePlace(int rows) {
        await().atMost(LivePhase.PATIENCE).untilAsserted(() -> {
            assertThat(query(
                            phase.target,
                            "SELECT count(*) FROM s.item UNION ALL SELECT count(*) FROM s.other UNION ALL"
                                    + " SELECT count(*) FROM _godwit.applied"))
                    .containsExactly(String.valueOf(rows), String.valueOf(rows), "0");
            assertThat(query(phase.target, "SELECT DISTINCT consistent_point FROM _godwit.domain"))
                    .hasSize(1);
            assertThat(query(phase.target, "SELECT restart_offsets FROM _godwit.domain"))
                    .allMatch(offsets -> offsets.contains(".transaction:0\":" + 2 * rows));
        });
    }

    private List<String> ledger() {
        return query(
                phase.target,
                "SELECT domain || epoch || consistent_point || restart_offsets FROM _godwit.domain UNION ALL"
                        + " SELECT direction || mode || domains FROM _godwit.direction UNION ALL"
                        + " SELECT domain || last_position FROM _godwit.applied ORDER BY 1");
    }
}
