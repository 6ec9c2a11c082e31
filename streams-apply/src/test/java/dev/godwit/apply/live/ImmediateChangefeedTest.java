package dev.godwit.apply.live;

import static dev.godwit.apply.live.LivePhase.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.apply.Applier;
import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.Drain;
import dev.godwit.apply.Drain.Drained;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Mode immediate with messages of a changefeed, which come again in any order and with gaps. */
@ExtendWith(LiveServers.class)
class ImmediateChangefeedTest {
    private static final int PARTITIONS = 2;

    @TempDir
    private Path directory;

    private LivePhase phase;
    private ChangefeedProducer feed;

    @BeforeEach
    void openPhase() {
        phase = new LivePhase(directory, PARTITIONS);
        feed = new ChangefeedProducer(phase.domain, PARTITIONS);
        VersionHistory.keep(phase.target);
    }

    @AfterEach
    void closePhase() {
        feed.close();
        phase.close();
    }

    @Test
    void appliesRowsBeforeAnythingIsPromisedAndNoneThatIsOlderThanWhatCame() {
        Applier first = phase.start(immediate());
        version(1);
        version(2);
        version(4);
        feed.flush();
        awaitVersion("4");
        version(2);
        version(3); // was left out, as it were, and comes late
        version(1);
        version(5);
        feed.flush();
        awaitVersion("5");
        first.close();
        version(4);
        version(5);
        version(6);
        feed.flush();
        Applier second = phase.start(immediate());
        awaitVersion("6");
        feed.resolved(1_006);
        version(3);
        version(6);
        version(7);
        feed.flush();
        awaitVersion("7");

        assertThat(VersionHistory.stepsBack(phase.target)).isEmpty();
        assertThat(query(phase.target, "SELECT count(*) FROM history.item WHERE id = 1"))
                .as("1, 2, 4, 5, 6, 7; some perhaps folded")
                .allMatch(count -> Integer.parseInt(count) <= 6);
        assertThat(second.failure()).isEmpty();
    }

    @Test
    void whatIsDeletedDoesNotComeBackByARepetition() {
        phase.start(immediate());
        version(1);
        for (int id = 1; id <= 10; id++) {
            feed.row("item", id, null, 1_002);
        }
        version(1);
        feed.row("item", 11, "1", 1_003);
        feed.row("item", 12, "1", 1_003);
        feed.flush();

        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(query(phase.target, "SELECT id FROM s.item ORDER BY id"))
                        .containsExactly("11", "12"));
    }

    @Test
    void theConsistentPointOfAPartitionIsWhatAllItsTopicsPromiseAndADrainWaitsForAll() throws Exception {
        Applier applier = phase.start(immediate());
        version(1);
        feed.resolved(1_010, "s.item", "s.other", "_godwit.applied");
        awaitVersion("1");
        CompletableFuture<Drained> draining = CompletableFuture.supplyAsync(
                () -> new Drain(phase.source, phase.target, phase.domain).run(LivePhase.PATIENCE, applier::failure));
        String marker = await().atMost(LivePhase.PATIENCE)
                .ignoreExceptions()
                .until(() -> query(phase.source, "SELECT marker FROM _godwit.watermark"), list -> !list.isEmpty())
                .get(0);
        feed.watermark(phase.domain, marker, 1_020);
        feed.flush();
        await().atMost(LivePhase.PATIENCE)
                .until(() -> query(phase.target, "SELECT watermark FROM _godwit.domain").stream()
                        .anyMatch(seen -> seen != null && seen.startsWith(marker + "@1020")));
        assertThat(query(
                        phase.target, "SELECT consistent_point FROM _godwit.domain WHERE consistent_point IS NOT NULL"))
                .as("the watermarks' topic has promised nothing")
                .isEmpty();
        feed.resolved(1_030);

        assertThat(draining.get(3, TimeUnit.MINUTES).consistentPoint()).startsWith("1030");
        assertThat(query(phase.target, "SELECT DISTINCT consistent_point FROM _godwit.domain"))
                .containsExactly("1030000000000.0000000000");
    }

    /** Rows 1 to 10 with this version, of second 1000 and so many. */
    private void version(int version) {
        for (int id = 1; id <= 10; id++) {
            feed.row("item", id, String.valueOf(version), 1_000 + version);
        }
    }

    private void awaitVersion(String version) {
        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(query(phase.target, "SELECT DISTINCT name FROM s.item"))
                        .containsExactly(version));
    }

    private ApplyConfig immediate() {
        return phase.changefeedConfig().in(ApplyMode.IMMEDIATE);
    }
}
