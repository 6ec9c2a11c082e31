package dev.godwit.apply.live;

import static dev.godwit.apply.live.DebeziumProducer.RowEvent.upsert;
import static dev.godwit.apply.live.DebeziumProducer.RowEvent.watermark;
import static dev.godwit.apply.live.LivePhase.execute;
import static dev.godwit.apply.live.LivePhase.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.godwit.apply.Applier;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.Drain;
import dev.godwit.apply.Drain.DrainTimeoutException;
import dev.godwit.apply.Drain.Drained;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Draining through a real applier; the test carries the marker from the source to Kafka, as the connector would. */
@ExtendWith(LiveServers.class)
class DrainTest {
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
    void isDoneWhenEverythingBeforeTheMarkerIsApplied() throws Exception {
        Applier applier = phase.start();
        CompletableFuture<Drained> draining =
                CompletableFuture.supplyAsync(() -> drain().run(LivePhase.PATIENCE, applier::failure));
        for (int id = 1; id <= 500; id++) {
            phase.debezium.transaction(upsert("item", id, "n" + id));
        }
        phase.debezium.transaction(watermark(phase.domain, awaitMarker()));
        phase.debezium.flush();

        Drained drained = draining.get(3, TimeUnit.MINUTES);
        assertThat(query(phase.target, "SELECT count(*) FROM s.item")).containsExactly("500");
        assertThat(query(phase.target, "SELECT watermark || ' ' || consistent_point FROM _godwit.domain"))
                .containsExactly(drained.marker() + " " + drained.consistentPoint());
    }

    @Test
    void isNotDoneByAnEarlierMarkerOrByAnotherDomain() throws Exception {
        Applier applier = phase.start();
        phase.debezium.transaction(watermark(phase.domain, "1"));
        phase.debezium.flush();
        await().atMost(LivePhase.PATIENCE).ignoreExceptions().until(() -> query(
                        phase.target, "SELECT watermark FROM _godwit.domain WHERE watermark IS NOT NULL")
                .contains("1"));

        assertThatThrownBy(() -> drain().run(Duration.ofMillis(300), applier::failure))
                .isInstanceOf(DrainTimeoutException.class);
        phase.debezium.transaction(watermark("another-phase-forward", awaitMarker()));
        phase.debezium.flush();
        assertThatThrownBy(() -> drain().run(Duration.ofMillis(300), applier::failure))
                .isInstanceOf(DrainTimeoutException.class);
    }

    @Test
    void isNotDoneAtOnceWhereTheLedgerHasSeenALaterMarkerThanTheClock() {
        Applier applier = phase.start();
        await().atMost(LivePhase.PATIENCE).until(() -> !ledgerDomains().isEmpty());
        execute(phase.target, "UPDATE _godwit.domain SET watermark = '8888888888888888888'");

        assertThatThrownBy(() -> drain().run(Duration.ofMillis(300), applier::failure))
                .isInstanceOf(DrainTimeoutException.class);
    }

    @Test
    void saysWhatItWaitsForWhenTheTimeIsOver() {
        Applier applier = phase.start();
        await().atMost(LivePhase.PATIENCE).until(() -> !ledgerDomains().isEmpty());

        assertThatThrownBy(() -> drain().run(Duration.ofMillis(300), applier::failure))
                .isInstanceOf(DrainTimeoutException.class)
                .hasMessageContaining("domain " + phase.domain + " waits for marker")
                .hasMessageContaining("Nothing is lost");
    }

    @Test
    void timesOutWhereNoApplierHasEverRun() {
        assertThatThrownBy(() -> drain().run(Duration.ofMillis(300), Optional::empty))
                .isInstanceOf(DrainTimeoutException.class)
                .hasMessageContaining("its consistent point is not there yet");
    }

    @Test
    void endsAtOnceWhenTheApplierFails() {
        execute(phase.target, "ALTER TABLE s.item ADD CHECK (name <> 'bad')");
        Applier applier = phase.start();
        phase.debezium.transaction(upsert("item", 1, "bad"));
        phase.debezium.flush();
        phase.awaitFailure(applier);

        assertThatThrownBy(() -> drain().run(LivePhase.PATIENCE, applier::failure))
                .isInstanceOf(ApplyException.class)
                .isNotInstanceOf(DrainTimeoutException.class)
                .hasMessageContaining("s.item key (1)");
    }

    private Drain drain() {
        return new Drain(phase.source, phase.target, phase.domain);
    }

    private List<String> ledgerDomains() {
        return query(phase.target, "SELECT relname FROM pg_class WHERE relname = 'domain'")
                        .isEmpty()
                ? List.of()
                : query(phase.target, "SELECT domain FROM _godwit.domain");
    }

    private String awaitMarker() {
        return await().atMost(LivePhase.PATIENCE)
                .ignoreExceptions()
                .until(() -> query(phase.source, "SELECT marker FROM _godwit.watermark"), list -> !list.isEmpty())
                .get(0);
    }
}
