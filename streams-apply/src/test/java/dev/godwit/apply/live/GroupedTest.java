package dev.godwit.apply.live;

import static dev.godwit.apply.live.DebeziumProducer.RowEvent.upsert;
import static dev.godwit.apply.live.DebeziumProducer.RowEvent.watermark;
import static dev.godwit.apply.live.LivePhase.execute;
import static dev.godwit.apply.live.LivePhase.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.godwit.apply.Applier;
import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.DeadLetters;
import dev.godwit.apply.DomainStatus;
import dev.godwit.apply.Drain;
import dev.godwit.apply.Drain.DrainTimeoutException;
import dev.godwit.apply.Drain.Drained;
import dev.godwit.apply.ErrorPolicy;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.deadletter.DeadLetterReplay;
import dev.godwit.apply.live.DebeziumProducer.RowEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two tables without a foreign key between them are two ordering domains. */
@ExtendWith(LiveServers.class)
class GroupedTest {
    private static final RowEvent ECHO =
            new RowEvent("_godwit", "applied", "c", "{\"domain\":\"x\",\"last_position\":\"1\"}", "{\"domain\":\"x\"}");

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
    void aGroupDoesNotWaitForTheRowsOfAnotherInTheSameTransaction() {
        Applier applier = phase.start(grouped());
        phase.debezium.begin();
        phase.debezium.rows(upsert("item", 1, "whole"));
        phase.debezium.end(upsert("item", 1, ""), upsert("other", 1, "")); // whose row is still on its way
        phase.debezium.flush();

        phase.awaitItems(1);
        // Each group begins by itself: the other's domain may come after the first one's rows.
        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(query(phase.target, "SELECT domain FROM _godwit.domain ORDER BY 1"))
                        .hasSize(2)
                        .allMatch(name -> name.startsWith(phase.domain + ".")));
        assertThat(applier.failure()).isEmpty();
        assertThat(applier.statisticsByDomain()).hasSize(2);
    }

    @Test
    void everyGroupKnowsAnEcho() {
        Applier applier = phase.start(grouped());
        phase.debezium.transaction(upsert("item", 1, "echo"), upsert("other", 1, "echo"), ECHO);
        phase.debezium.transaction(upsert("item", 2, "own"), upsert("other", 2, "own"));
        phase.debezium.flush();

        awaitOthers(1);
        phase.awaitItems(1);
        assertThat(query(phase.target, "SELECT id FROM s.item UNION ALL SELECT id FROM s.other"))
                .containsExactly("2", "2");
        assertThat(applier.failure()).isEmpty();
    }

    @Test
    void aDrainWaitsForAllGroupsAndNamesThoseThatItWaitsFor() throws Exception {
        Applier applier = phase.start(grouped());
        phase.debezium.transaction(upsert("item", 1, "a"), upsert("other", 1, "a"));
        phase.debezium.flush();
        phase.awaitItems(1);
        awaitOthers(1);
        try (Connection blocker = phase.target.open();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE s.other IN EXCLUSIVE MODE");
            phase.debezium.transaction(upsert("item", 2, "b"), upsert("other", 2, "b"));
            phase.debezium.flush();
            phase.awaitItems(2);
            // Two seconds may be over before the marker has come through the group that is not held up.
            await().atMost(LivePhase.PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> carryMarkerOf(
                            () -> assertThatThrownBy(() -> drain().run(Duration.ofSeconds(2), applier::failure))
                                    .isInstanceOf(DrainTimeoutException.class)
                                    .hasMessageContaining("1 of 2 domains of " + phase.domain)
                                    .hasMessageContaining(phase.domain + ".other-")));
            blocker.rollback();
        }
        List<Drained> drained = new ArrayList<>();
        carryMarkerOf(() -> drained.add(drain().run(LivePhase.PATIENCE, applier::failure)));

        awaitOthers(2);
        List<DomainStatus> domains = DomainStatus.all(phase.target, phase.domain);
        assertThat(domains).hasSize(2);
        assertThat(domains.stream()
                        .map(domain -> domain.consistentPoint().orElseThrow())
                        .map(Position::parse)
                        .toList())
                .contains(Position.parse(drained.get(0).consistentPoint()))
                .allMatch(point -> point.compareTo(Position.parse(drained.get(0).consistentPoint())) >= 0);
    }

    @Test
    void instancesShareTheGroupsAndTakeThemOverFromEachOther() {
        Applier first = phase.start(grouped());
        Applier second = phase.start(grouped());
        for (int id = 1; id <= 50; id++) {
            phase.debezium.transaction(upsert("item", id, "a"), upsert("other", id, "a"));
        }
        phase.debezium.flush();
        phase.awaitItems(50);
        awaitOthers(50);
        first.close();
        for (int id = 51; id <= 100; id++) {
            phase.debezium.transaction(upsert("item", id, "a"), upsert("other", id, "a"));
        }
        phase.debezium.flush();

        phase.awaitItems(100);
        awaitOthers(100);
        assertThat(second.failure()).isEmpty();
    }

    @Test
    void aBadRowIsPutAsideInItsGroupAndReplayedThere() {
        execute(phase.target, "ALTER TABLE s.other ADD CONSTRAINT good CHECK (name <> 'bad')");
        ApplyConfig config =
                phase.config(ErrorPolicy.of(ErrorPolicy.BadRows.DEAD_LETTER)).in(ApplyMode.GROUPED);
        Applier applier = phase.start(config);
        phase.debezium.transaction(upsert("item", 1, "a"), upsert("other", 1, "bad"));
        phase.debezium.transaction(upsert("item", 2, "a"), upsert("other", 2, "good"));
        phase.debezium.flush();
        phase.awaitItems(2);
        awaitOthers(1);
        await().atMost(LivePhase.PATIENCE).until(() -> DeadLetters.open(phase.target, phase.domain) == 1);

        execute(phase.target, "ALTER TABLE s.other DROP CONSTRAINT good");
        DeadLetters.replay(config, new Ignored());
        assertThat(query(phase.target, "SELECT name FROM s.other ORDER BY id")).containsExactly("bad", "good");
        assertThat(DeadLetters.open(phase.target, phase.domain)).isZero();
        assertThat(applier.failure()).isEmpty();
    }

    @Test
    void aGroupOfAChangefeedWaitsForThePromisesOfItsOwnTopicsOnly() {
        try (ChangefeedProducer feed = new ChangefeedProducer(phase.domain, 1)) {
            Applier applier = phase.start(phase.changefeedConfig().in(ApplyMode.GROUPED));
            feed.row("item", 1, "a", 10);
            feed.row("other", 1, "a", 10);
            feed.resolved(15, "s.item", "_godwit.applied", "_godwit.watermark");
            phase.awaitItems(1);
            assertThat(query(phase.target, "SELECT count(*) FROM s.other")).containsExactly("0");

            feed.row("item", 2, "echo", 20);
            feed.row("other", 2, "echo", 20);
            feed.echo(20);
            feed.row("item", 3, "b", 21);
            feed.row("other", 3, "b", 21);
            feed.resolved(30);
            phase.awaitItems(2);
            awaitOthers(2);
            assertThat(query(phase.target, "SELECT id FROM s.other ORDER BY 1")).containsExactly("1", "3");
            assertThat(applier.failure()).isEmpty();
        }
    }

    private ApplyConfig grouped() {
        return phase.config(LivePhase.LIMITS).in(ApplyMode.GROUPED);
    }

    private Drain drain() {
        return new Drain(phase.source, phase.target, phase.domain);
    }

    private void awaitOthers(int count) {
        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(query(phase.target, "SELECT count(*) FROM s.other"))
                        .containsExactly(String.valueOf(count)));
    }

    /** As the connector would. */
    private void carryMarkerOf(Runnable draining) throws Exception {
        List<String> before = markers();
        CompletableFuture<Void> drain = CompletableFuture.runAsync(draining);
        String marker = await().atMost(LivePhase.PATIENCE)
                .until(this::markers, now -> !now.isEmpty() && !now.equals(before))
                .get(0);
        phase.debezium.transaction(watermark(phase.domain, marker));
        phase.debezium.flush();
        drain.get(3, TimeUnit.MINUTES);
    }

    private List<String> markers() {
        return query(phase.source, "SELECT 1 FROM pg_class WHERE relname = 'watermark'")
                        .isEmpty()
                ? List.of()
                : query(phase.source, "SELECT marker FROM _godwit.watermark");
    }

    private static final class Ignored implements DeadLetterReplay.Listener {
        @Override
        public void replayed(Position position, int letters) {}

        @Override
        public void failed(Position position, int letters, String why) {
            throw new AssertionError(why);
        }
    }
}
