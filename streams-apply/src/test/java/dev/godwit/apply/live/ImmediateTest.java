package dev.godwit.apply.live;

import static dev.godwit.apply.live.DebeziumProducer.RowEvent.delete;
import static dev.godwit.apply.live.DebeziumProducer.RowEvent.upsert;
import static dev.godwit.apply.live.DebeziumProducer.RowEvent.watermark;
import static dev.godwit.apply.live.LivePhase.execute;
import static dev.godwit.apply.live.LivePhase.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.godwit.apply.Applier;
import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyConfig.Limits;
import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.CapturedPoint;
import dev.godwit.apply.Drain;
import dev.godwit.apply.Drain.DrainTimeoutException;
import dev.godwit.apply.Drain.Drained;
import dev.godwit.apply.ErrorPolicy;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.live.DebeziumProducer.RowEvent;
import dev.godwit.database.RefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Mode immediate on topics of several partitions, with messages of Debezium. */
@ExtendWith(LiveServers.class)
class ImmediateTest {
    private static final int PARTITIONS = 3;

    @TempDir
    private Path directory;

    private LivePhase phase;
    private final AtomicReference<CapturedPoint> captured = new AtomicReference<>();

    @BeforeEach
    void openPhase() {
        phase = new LivePhase(directory, PARTITIONS);
        VersionHistory.keep(phase.target);
    }

    @AfterEach
    void closePhase() {
        phase.close();
    }

    @Test
    void appliesRowsAsTheyComeAndDoesNotWaitForTheEndOfTheirTransaction() {
        Applier applier = phase.start(immediate());
        phase.debezium.begin();
        phase.debezium.rows(upsert("item", 1, "1"), upsert("item", 2, "1"), upsert("other", 1, "1"));
        phase.debezium.flush();

        phase.awaitItems(2);
        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(query(phase.target, "SELECT domain FROM _godwit.domain ORDER BY 1"))
                        .containsExactly(phase.domain + ".0-of-3", phase.domain + ".1-of-3", phase.domain + ".2-of-3"));
        assertThat(applier.failure()).isEmpty();
    }

    @Test
    void whatComesAgainNeverTakesARowBack() {
        Applier first = phase.start(immediate());
        writeVersions(1, 10, 1, 5);
        awaitVersions(10, 5);
        phase.debezium.repeat(0, phase.debezium.sent());
        writeVersions(1, 10, 6, 6);
        awaitVersions(10, 6);
        first.close();
        int half = phase.debezium.sent() / 2;
        phase.debezium.repeat(0, half);
        Applier second = phase.start(immediate());
        phase.debezium.repeat(half, phase.debezium.sent());
        writeVersions(1, 10, 7, 7);
        awaitVersions(10, 7);

        assertThat(VersionHistory.stepsBack(phase.target)).isEmpty();
        // It counts when the target has answered: a moment after the rows can be seen.
        await("only what is new is written").atMost(LivePhase.PATIENCE).untilAsserted(() -> assertThat(
                        second.statisticsByDomain().values().stream()
                                .mapToLong(domain -> domain.upserts())
                                .sum())
                .isEqualTo(10));
    }

    @Test
    void instancesShareThePartitionsAndTakeThemOverWhileRowsCome() {
        Applier first = phase.start(immediate());
        writeVersions(1, 40, 1, 3);
        Applier second = phase.start(immediate());
        writeVersions(1, 40, 4, 6);
        await().atMost(LivePhase.PATIENCE)
                .until(() -> first.statisticsByDomain().values().stream()
                                .anyMatch(domain -> domain.laneUse().lanes() == 0)
                        && second.statisticsByDomain().values().stream()
                                .anyMatch(domain -> domain.laneUse().lanes() == 1));
        writeVersions(1, 40, 7, 9);
        first.close();
        phase.debezium.repeat(0, phase.debezium.sent());
        writeVersions(1, 40, 10, 10);

        awaitVersions(40, 10);
        assertThat(VersionHistory.stepsBack(phase.target)).isEmpty();
        assertThat(second.failure()).isEmpty();
    }

    @Test
    void anOwnerThatWasReplacedWritesNoMore() {
        Applier applier = phase.start(immediate());
        writeVersions(1, 5, 1, 1);
        awaitVersions(5, 1);
        execute(phase.target, "UPDATE _godwit.domain SET epoch = epoch + 1");
        writeVersions(1, 5, 2, 2);

        assertThat(phase.awaitFailure(applier)).hasMessageContaining("another applier has taken over");
        assertThat(query(phase.target, "SELECT DISTINCT name FROM s.item")).containsExactly("1");
    }

    @Test
    void aRowWaitsForWhatComesByAnotherPartitionAndHoldsUpNoOther() {
        execute(phase.target, "ALTER TABLE s.other ADD FOREIGN KEY (id) REFERENCES s.item (id)");
        Applier applier = phase.start(immediate());
        for (int id = 1; id <= 30; id++) {
            phase.debezium.transaction(upsert("other", id, "1"));
            phase.debezium.transaction(upsert("other", id, "2"));
        }
        writeVersions(101, 130, 1, 1);
        phase.awaitItems(30);
        await().atMost(LivePhase.PATIENCE)
                .until(
                        () -> query(phase.target, "SELECT positions FROM _godwit.applied").stream()
                                .filter(records -> records.contains("waiting"))
                                .count(),
                        waiting -> waiting == PARTITIONS);
        applier.close();
        Applier second = phase.start(immediate());
        writeVersions(1, 30, 1, 1);

        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(query(phase.target, "SELECT count(*) FROM s.other WHERE name = '2'"))
                        .containsExactly("30"));
        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(query(phase.target, "SELECT positions FROM _godwit.applied"))
                        .noneMatch(records -> records.contains("waiting")));
        assertThat(second.failure()).isEmpty();
    }

    @Test
    void stopsAtARowWhoseParentDoesNotComeInTime() {
        execute(phase.target, "ALTER TABLE s.other ADD FOREIGN KEY (id) REFERENCES s.item (id)");
        Limits impatient = new Limits(100, 1 << 20, 1_000, 1 << 20, Duration.ofSeconds(1), Duration.ofSeconds(6));
        Applier applier = phase.start(phase.config(impatient).in(ApplyMode.IMMEDIATE));
        phase.debezium.transaction(upsert("other", 7, "1"));
        phase.debezium.flush();

        assertThat(phase.awaitFailure(applier))
                .hasMessageContaining("s.other key (7)")
                .hasMessageContaining("has not come by another partition");
    }

    @Test
    void rowsThatPassAUniqueValueOnFindTheirOrder() {
        execute(phase.target, "ALTER TABLE s.item ADD UNIQUE (name)");
        Applier applier = phase.start(immediate());
        for (int id = 1; id <= 20; id++) {
            phase.debezium.transaction(upsert("item", id, String.valueOf(1000 + id)));
        }
        for (int round = 1; round <= 5; round++) {
            for (int id = 1; id < 20; id += 2) {
                int one = 1000 + id + (round + 1) % 2;
                int other = 1000 + id + round % 2;
                phase.debezium.transaction(upsert("item", id, "free" + id));
                phase.debezium.transaction(upsert("item", id + 1, String.valueOf(one)));
                phase.debezium.transaction(upsert("item", id, String.valueOf(other)));
            }
        }
        phase.debezium.transaction(upsert("item", 21, "last"));
        phase.debezium.flush();

        await().atMost(LivePhase.PATIENCE).untilAsserted(() -> assertThat(query(
                        phase.target,
                        "SELECT count(*) FROM s.item WHERE id <= 20 AND name ~ '^[0-9]+$' AND"
                                + " name::int = 1000 + id + CASE WHEN id % 2 = 1 THEN 1 ELSE -1 END"))
                .containsExactly("20"));
        assertThat(applier.failure()).isEmpty();
    }

    @Test
    void aDrainWaitsUntilTheConnectorHasStoredItsPlaceAndAllBeforeItIsApplied() throws Exception {
        Applier applier = phase.start(immediate());
        CompletableFuture<Drained> draining = CompletableFuture.supplyAsync(
                () -> new Drain(phase.source, phase.target, phase.domain).run(LivePhase.PATIENCE, applier::failure));
        String marker = await().atMost(LivePhase.PATIENCE)
                .ignoreExceptions()
                .until(() -> query(phase.source, "SELECT marker FROM _godwit.watermark"), list -> !list.isEmpty())
                .get(0);
        writeVersions(1, 20, 1, 1);
        phase.debezium.transaction(watermark(phase.domain, marker));
        phase.debezium.flush();
        await().atMost(LivePhase.PATIENCE)
                .until(() -> query(phase.target, "SELECT watermark FROM _godwit.domain").stream()
                        .anyMatch(seen -> seen != null && seen.startsWith(marker + "@")));
        phase.awaitItems(20);
        assertThat(draining).as("the place is not stored yet").isNotDone();
        captured.set(new CapturedPoint(new Lsn(phase.debezium.position()), Instant.now()));

        Drained drained = draining.get(3, TimeUnit.MINUTES);
        assertThat(drained.consistentPoint()).isEqualTo(new Lsn(phase.debezium.position()).toString());
        assertThat(drained.arrived()).isLessThanOrEqualTo(drained.elapsed());
        assertThat(query(phase.target, "SELECT DISTINCT consistent_point FROM _godwit.domain"))
                .containsExactly(drained.consistentPoint());
    }

    @Test
    void aDrainIsNotDoneByTheMarkerAlone() {
        Applier applier = phase.start(immediate());
        writeVersions(1, 20, 1, 1);
        awaitVersions(20, 1);

        assertThatThrownBy(() -> new Drain(phase.source, phase.target, phase.domain)
                        .run(Duration.ofMillis(500), applier::failure))
                .isInstanceOf(DrainTimeoutException.class);
    }

    @Test
    void stopsAtTheMarkOfTheOppositeDirection() {
        Applier applier = phase.start(immediate());
        String opposite = phase.domain.replace("-forward", "-failback");
        phase.debezium.transaction(applied("x" + opposite), applied("another-phase-failback"));
        writeVersions(1, 5, 1, 1);
        awaitVersions(5, 1);
        phase.debezium.transaction(upsert("item", 1, "2"), applied(opposite));
        phase.debezium.flush();

        assertThat(phase.awaitFailure(applier)).hasMessageContaining("the mark of a transaction that the opposite");
    }

    @Test
    void aTruncateIsRefusedAsNothingOrdersItAmongPartitions() {
        Applier applier = phase.start(immediate());
        phase.debezium.begin();
        phase.debezium.rows(new RowEvent("s", "item", "t", null, "null"));
        phase.debezium.flush();

        assertThat(phase.awaitFailure(applier)).hasMessageContaining("TRUNCATE s.item");
    }

    @Test
    void deletesAreAppliedAndARowThatComesBackStays() {
        phase.start(immediate());
        writeVersions(1, 20, 1, 1);
        for (int id = 1; id <= 20; id++) {
            phase.debezium.transaction(delete("item", id));
        }
        writeVersions(11, 20, 2, 2);
        phase.debezium.repeat(0, 30);

        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(query(phase.target, "SELECT string_agg(name, '') FROM s.item"))
                        .containsExactly("2222222222"));
    }

    @Test
    void columnsThatAppearOnBothSidesAreCarriedOnByEveryThreadAndInstance() {
        Applier first = phase.start(immediate());
        Applier second = phase.start(immediate());
        writeVersions(1, 40, 1, 2);
        awaitVersions(40, 2);
        for (String column : List.of("extra", "more")) {
            execute(phase.target, "ALTER TABLE s.item ADD COLUMN " + column + " text");
            execute(phase.source, "ALTER TABLE s.item ADD COLUMN " + column + " text");
            String more = column.equals("extra") ? "" : ",\"more\":\"m\"";
            int version = column.equals("extra") ? 3 : 4;
            RowEvent[] rows = new RowEvent[40];
            for (int id = 1; id <= 40; id++) {
                rows[id - 1] = new RowEvent(
                        "s",
                        "item",
                        "u",
                        "{\"id\":" + id + "}",
                        "{\"id\":" + id + ",\"name\":\"" + version + "\",\"extra\":\"e\"" + more + "}");
            }
            phase.debezium.transaction(rows);
            phase.debezium.flush();
            // The threads that begin anew end with what has stopped them.
            await().atMost(LivePhase.PATIENCE).dontCatchUncaughtExceptions().untilAsserted(() -> {
                assertThat(first.failure()).isEmpty();
                assertThat(second.failure()).isEmpty();
                assertThat(query(phase.target, "SELECT count(*) FROM s.item WHERE " + column + " IS NOT NULL"))
                        .containsExactly("40");
            });
        }
        awaitVersions(40, 4);
        assertThat(VersionHistory.stepsBack(phase.target)).isEmpty();
    }

    @Test
    void rowsThatWereAppliedBeforeTheirColumnWasDroppedMayComeAgain() {
        onBothSides("ALTER TABLE s.item ADD COLUMN gone text");
        Applier applier = phase.start(immediate());
        for (int id = 1; id <= 20; id++) {
            phase.debezium.transaction(withColumns(id, "1", "\"gone\":\"g\""));
        }
        phase.debezium.flush();
        awaitVersions(20, 1);
        // The new column makes the applier look at the catalogs again.
        onBothSides("ALTER TABLE s.item DROP COLUMN gone, ADD COLUMN extra text");
        for (int id = 1; id <= 20; id++) {
            phase.debezium.transaction(withColumns(id, "2", "\"extra\":\"f\""));
        }
        phase.debezium.flush();
        awaitVersions(20, 2);

        phase.debezium.repeat(0, phase.debezium.sent());
        for (int id = 1; id <= 20; id++) {
            phase.debezium.transaction(withColumns(id, "3", "\"extra\":\"g\""));
        }
        phase.debezium.flush();
        awaitVersions(20, 3);
        assertThat(applier.failure()).isEmpty();
        assertThat(VersionHistory.stepsBack(phase.target)).isEmpty();

        phase.debezium.transaction(withColumns(1, "4", "\"gone\":\"g\""));
        phase.debezium.flush();
        assertThat(phase.awaitFailure(applier)).hasMessageContaining("gone");
    }

    private void onBothSides(String sql) {
        execute(phase.target, sql);
        execute(phase.source, sql);
    }

    private static RowEvent withColumns(int id, String version, String columns) {
        return new RowEvent(
                "s",
                "item",
                "u",
                "{\"id\":" + id + "}",
                "{\"id\":" + id + ",\"name\":\"" + version + "\"," + columns + "}");
    }

    @Test
    void refusesWhatItCannotDo() {
        assertRefused(
                phase.config(ErrorPolicy.of(ErrorPolicy.BadRows.DEAD_LETTER)).in(ApplyMode.IMMEDIATE),
                "puts no rows aside");
        assertRefused(phase.config(LivePhase.LIMITS), "has 3 partitions; in mode consistent a topic has one");
        execute(phase.target, "ALTER TABLE s.other ADD FOREIGN KEY (id) REFERENCES s.item (id) ON DELETE CASCADE");
        assertRefused(immediate(), "deletes or changes children with their parent");
        assertThat(query(phase.target, "SELECT 1 FROM pg_namespace WHERE nspname = '_godwit'"))
                .as("nothing was written")
                .isEmpty();
    }

    private void assertRefused(ApplyConfig config, String why) {
        assertThatThrownBy(() -> phase.start(config))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(why);
    }

    private static RowEvent applied(String domain) {
        return new RowEvent(
                "_godwit",
                "applied",
                "c",
                "{\"domain\":\"" + domain + "\",\"last_position\":\"1\"}",
                "{\"domain\":\"" + domain + "\"}");
    }

    private ApplyConfig immediate() {
        return phase.config(LivePhase.LIMITS)
                .in(ApplyMode.IMMEDIATE)
                .capturedUpTo(() -> Optional.ofNullable(captured.get()));
    }

    /** Each version is a transaction over all of the rows. */
    private void writeVersions(int firstId, int lastId, int firstVersion, int lastVersion) {
        for (int version = firstVersion; version <= lastVersion; version++) {
            RowEvent[] rows = new RowEvent[lastId - firstId + 1];
            for (int id = firstId; id <= lastId; id++) {
                rows[id - firstId] = upsert("item", id, String.valueOf(version));
            }
            phase.debezium.transaction(rows);
        }
        phase.debezium.flush();
    }

    private void awaitVersions(int rows, int version) {
        await().atMost(LivePhase.PATIENCE).untilAsserted(() -> assertThat(
                        query(phase.target, "SELECT count(*) || ' of ' || name FROM s.item GROUP BY name"))
                .isEqualTo(List.of(rows + " of " + version)));
    }
}
