package dev.godwit.apply.live;

import static dev.godwit.apply.live.DebeziumProducer.RowEvent.delete;
import static dev.godwit.apply.live.DebeziumProducer.RowEvent.upsert;
import static dev.godwit.apply.live.LivePhase.execute;
import static dev.godwit.apply.live.LivePhase.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.apply.Applier;
import dev.godwit.apply.ApplyConfig.Limits;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.ledger.FencedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The applier on a real broker and a real database; only the connector is played by a producer. */
@ExtendWith(LiveServers.class)
class ApplierTest {
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
    void appliesWholeTransactionsAndCommitsOnlyWhatTheLedgerCovers() {
        Applier applier = phase.start();
        write(1, 200);
        // Without its END: no row of it may be seen, and the group must not pass it.
        phase.debezium.begin();
        phase.debezium.rows(upsert("item", 1, "too early"), upsert("other", 1, "too early"));

        phase.awaitItems(200);
        await().atMost(LivePhase.PATIENCE).untilAsserted(() -> assertThat(phase.committed())
                .containsEntry(phase.partition("s.item"), 200L)
                .containsEntry(phase.partition("transaction"), 401L));
        assertThat(phase.restartOffset("s.item")).isEqualTo(200);
        assertThat(phase.restartOffset("s.other")).isZero();
        assertThat(query(phase.target, "SELECT count(*) FROM s.other")).containsExactly("0");

        phase.debezium.end(upsert("item", 1, ""), upsert("other", 1, ""));
        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(query(phase.target, "SELECT name FROM s.item WHERE id = 1"))
                        .containsExactly("too early"));
        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(phase.committed()).containsEntry(phase.partition("s.other"), 1L));
        assertThat(query(phase.target, "SELECT count(*) FROM _godwit.applied")).containsExactly("0");
        assertThat(applier.failure()).isEmpty();
    }

    @Test
    void appliesWhatATransactionalProducerCommitsAndNothingElse() {
        try (DebeziumProducer exactlyOnce = phase.producer(Map.of("transactional.id", phase.domain))) {
            exactlyOnce.kafka().initTransactions();
            for (int i = 1; i <= 20; i++) {
                exactlyOnce.kafka().beginTransaction();
                exactlyOnce.transaction(upsert("item", i, "kept"));
                exactlyOnce.kafka().commitTransaction();
                exactlyOnce.kafka().beginTransaction();
                exactlyOnce.transaction(delete("item", i));
                exactlyOnce.flush();
                exactlyOnce.kafka().abortTransaction();
            }
        }
        Applier first = phase.start();
        phase.awaitItems(20);
        first.close();
        try (DebeziumProducer later = phase.producer(Map.of())) {
            later.transaction(upsert("item", 21, "later"));
        }
        phase.start();
        phase.awaitItems(21);

        assertThat(query(phase.target, "SELECT sum(id) FROM s.item")).containsExactly("231");
    }

    @Test
    void goesOnAfterARestartOfTheBroker() {
        Applier applier = phase.start();
        write(1, 50);
        phase.awaitItems(50);
        LiveServers.kafka().restart();
        write(51, 100);

        phase.awaitItems(100);
        assertThat(applier.failure()).isEmpty();
    }

    @Test
    void stopsReadingWhileTheTargetIsDownAndGoesOnAfterwards() {
        Applier applier =
                phase.start(new Limits(20, 1 << 20, 200, 1 << 20, Duration.ofMinutes(2), Duration.ofSeconds(6)));
        write(1, 10);
        phase.awaitItems(10);
        LiveServers.postgres().stop();
        try {
            write(11, 6_000);
            await().atMost(LivePhase.PATIENCE)
                    .during(Duration.ofSeconds(2))
                    .until(() -> applier.statistics().records(), new Unchanged());
            assertThat(applier.statistics().records()).isLessThan(9_000);
            assertThat(applier.failure()).isEmpty();
        } finally {
            LiveServers.postgres().restart();
        }
        phase.awaitItems(6_000);
        assertThat(applier.failure()).isEmpty();
    }

    @Test
    void theNextApplierTakesOverWhenTheFirstIsClosed() {
        Applier first = phase.start();
        write(1, 50);
        phase.awaitItems(50);
        Applier second = phase.start();
        write(51, 100);
        phase.awaitItems(100);
        first.close();
        write(101, 150);

        phase.awaitItems(150);
        // It counts when the target has answered: a moment after the rows can be seen.
        await().atMost(LivePhase.PATIENCE).until(() -> second.statistics().transactions() > 0);
        assertThat(first.failure()).isEmpty();
        assertThat(second.failure()).isEmpty();
    }

    @Test
    void stopsWithoutWritingWhenAnotherHasTakenOver() {
        Applier applier = phase.start();
        write(1, 5);
        phase.awaitItems(5);
        execute(phase.target, "UPDATE _godwit.domain SET epoch = epoch + 1");
        write(6, 10);

        assertThat(phase.awaitFailure(applier)).isInstanceOf(FencedException.class);
        assertThat(query(phase.target, "SELECT count(*) FROM s.item")).containsExactly("5");
    }

    @Test
    void stopsAtARowThatTheTargetDoesNotTakeAndNamesIt() throws InterruptedException {
        execute(phase.target, "ALTER TABLE s.item ADD CHECK (name <> 'bad')");
        Applier applier = phase.start();
        write(1, 5);
        phase.awaitItems(5);
        phase.debezium.transaction(upsert("item", 6, "good"), upsert("item", 7, "bad"));

        assertThat(phase.awaitFailure(applier))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("s.item key (7) at " + phase.domain + ".s.item-0@6")
                .hasMessageContaining("23514");
        assertThat(applier.awaitStopped(LivePhase.PATIENCE)).isTrue();
        assertThat(query(phase.target, "SELECT count(*) FROM s.item")).containsExactly("5");
    }

    @Test
    void stopsAtAMessageThatItCannotReadAndNamesIt() {
        Applier applier = phase.start();
        phase.debezium.send("s.item", "{\"id\":1}", "no json");

        assertThat(phase.awaitFailure(applier)).hasMessageContaining(phase.domain + ".s.item-0@0");
    }

    @Test
    void stopsWhenRetentionOvertakesIt() throws Exception {
        Applier applier =
                phase.start(new Limits(20, 1 << 20, 100, 1 << 20, Duration.ofMinutes(2), Duration.ofSeconds(6)));
        write(1, 10);
        phase.awaitItems(10);
        LiveServers.postgres().stop();
        try {
            write(11, 6_000);
            await().atMost(LivePhase.PATIENCE)
                    .during(Duration.ofSeconds(2))
                    .until(() -> applier.statistics().records(), new Unchanged());
            phase.deleteRecords("s.item", 6_000);
            phase.deleteRecords("transaction", 12_000);
            write(6_001, 6_010);
        } finally {
            LiveServers.postgres().restart();
        }

        assertThat(phase.awaitFailure(applier))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("retention");
        assertThat(applier.awaitStopped(LivePhase.PATIENCE)).isTrue();
        assertThat(query(phase.target, "SELECT count(*) FROM s.item WHERE id > 6000"))
                .as("nothing behind the gap is applied")
                .containsExactly("0");
    }

    @Test
    void beginsWhereTheLedgerSaysWhenAppliedRecordsAreGone() throws Exception {
        Applier first = phase.start();
        write(1, 50);
        phase.awaitItems(50);
        await().atMost(LivePhase.PATIENCE).until(() -> phase.restartOffset("s.item") == 50);
        first.close();
        // As if the last owner had died before its last commits to Kafka.
        phase.admin
                .alterConsumerGroupOffsets(phase.domain, Map.of(phase.partition("s.item"), new OffsetAndMetadata(3)))
                .all()
                .get(30, TimeUnit.SECONDS);
        phase.deleteRecords("s.item", 40);
        write(51, 60);
        Applier second = phase.start();

        phase.awaitItems(60);
        assertThat(second.failure()).isEmpty();
    }

    private void write(int from, int to) {
        for (int id = from; id <= to; id++) {
            phase.debezium.transaction(upsert("item", id, "n" + id));
        }
        phase.debezium.flush();
    }
}
