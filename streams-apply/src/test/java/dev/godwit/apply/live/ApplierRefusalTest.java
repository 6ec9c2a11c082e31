package dev.godwit.apply.live;

import static dev.godwit.apply.live.DebeziumProducer.RowEvent.upsert;
import static dev.godwit.apply.live.LivePhase.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.godwit.apply.Applier;
import dev.godwit.database.RefusedException;
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

/** What an applier does not start with. */
@ExtendWith(LiveServers.class)
class ApplierRefusalTest {
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
    void refusesAMissingTopic() {
        phase.deleteTopic(phase.domain + ".s.item");

        refused("has no topic " + phase.domain + ".s.item");
    }

    @Test
    void refusesATopicOfSeveralPartitions() {
        phase.deleteTopic(phase.domain + ".s.item");
        phase.createTopic(phase.domain + ".s.item", 3);

        refused("topic " + phase.domain + ".s.item has 3 partitions");
    }

    @Test
    void refusesABrokerThatDoesNotAnswerInsteadOfWaitingForIt() {
        long start = System.nanoTime();
        Map<String, String> soon = Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "1000");
        assertThatThrownBy(() -> Applier.start(phase.config(LivePhase.LIMITS, "127.0.0.1:1", soon)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("cannot use Kafka at 127.0.0.1:1");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void refusesABrokerWhoseNameNobodyKnows() {
        assertThatThrownBy(() -> Applier.start(phase.config(LivePhase.LIMITS, "no-such-host.invalid:9092", Map.of())))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void refusesATableThatIsMissingOnEitherSide() {
        execute(phase.target, "DROP TABLE s.item");
        refused("s.item: missing on the target");
        execute(phase.source, "DROP TABLE s.item");
        refused("table s.item is missing on the replication source");
    }

    @Test
    void refusesColumnsThatDiffer() {
        execute(phase.target, "ALTER TABLE s.item ALTER COLUMN name TYPE varchar(5)");

        refused("type is text on the source and character varying(5) on the target");
    }

    @Test
    void refusesAGroupWhoseOffsetsWereMovedAhead() throws Exception {
        applyTen();
        phase.admin
                .alterConsumerGroupOffsets(phase.domain, Map.of(phase.partition("s.item"), new OffsetAndMetadata(12)))
                .all()
                .get(30, TimeUnit.SECONDS);

        refused("would go on at offset 12 of topic " + phase.domain
                + ".s.item, but the ledger needs it from offset 10");
    }

    @Test
    void refusesATopicOfWhichRetentionHasDeletedWhatIsNotAppliedYet() {
        applyTen();
        for (int id = 11; id <= 20; id++) {
            phase.debezium.transaction(upsert("item", id, "later"));
        }
        phase.debezium.flush();
        phase.deleteRecords("s.item", 15);

        refused("begins at offset 15, but records from offset 10 on are not applied yet");
    }

    @Test
    void refusesATopicThatNobodyReadFromItsBeginning() {
        phase.debezium.transaction(upsert("item", 1, "first"));
        phase.debezium.flush();
        phase.deleteRecords("s.item", 1);

        refused("begins at offset 1, but records from offset 0 on are not applied yet");
    }

    @Test
    void refusesATopicThatWasMadeAnew() {
        applyTen();
        phase.deleteTopic(phase.domain + ".s.item");
        phase.createTopic(phase.domain + ".s.item", 1);

        refused("topic " + phase.domain + ".s.item ends at offset 0, but is applied up to offset 10");
    }

    private void applyTen() {
        Applier applier = phase.start();
        for (int id = 1; id <= 10; id++) {
            phase.debezium.transaction(upsert("item", id, "n"));
        }
        phase.debezium.flush();
        phase.awaitItems(10);
        await().atMost(LivePhase.PATIENCE).until(() -> phase.restartOffset("s.item") == 10);
        applier.close();
    }

    private void refused(String message) {
        assertThatThrownBy(() -> phase.start())
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(message);
    }
}
