package dev.godwit.apply.live;

import static dev.godwit.apply.live.DebeziumProducer.RowEvent.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.Applier;
import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyConfig.Format;
import dev.godwit.apply.ApplyMode;
import dev.godwit.database.RefusedException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Both directions of a phase at once, where one of them could not tell changes from their echoes. */
@ExtendWith(LiveServers.class)
class OverlapTest {
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
    void immediateDoesNotStartWhileTheOppositeDirectionIsApplied() {
        Applier forward = begin(ApplyMode.CONSISTENT);

        assertRefused(ApplyMode.IMMEDIATE, "in mode consistent");
        forward.close();
        assertThat(phase.start(back(ApplyMode.IMMEDIATE)).failure()).isEmpty();
    }

    @Test
    void nothingStartsWhileTheOppositeDirectionIsAppliedInModeImmediate() {
        Applier forward = begin(ApplyMode.IMMEDIATE);

        assertRefused(ApplyMode.CONSISTENT, "in mode immediate");
        assertRefused(ApplyMode.GROUPED, "in mode immediate");
        assertRefused(ApplyMode.IMMEDIATE, "in mode immediate");
        forward.close();
        assertThat(phase.start(back(ApplyMode.GROUPED)).failure()).isEmpty();
    }

    @Test
    void groupsAndWholeDirectionsMayOverlap() {
        begin(ApplyMode.GROUPED);

        assertThat(phase.start(back(ApplyMode.CONSISTENT)).failure()).isEmpty();
    }

    /** Returns when it is a member of its group. */
    private Applier begin(ApplyMode mode) {
        Applier forward = phase.start(phase.config(LivePhase.LIMITS).in(mode));
        phase.debezium.transaction(upsert("item", 1, "1"));
        phase.debezium.flush();
        phase.awaitItems(1);
        return forward;
    }

    private void assertRefused(ApplyMode mode, String why) {
        assertThatThrownBy(() -> phase.start(back(mode)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("the opposite direction, " + phase.domain + ", is being applied " + why)
                .hasMessageContaining("mode immediate cannot tell changes from their echoes");
    }

    private ApplyConfig back(ApplyMode mode) {
        ApplyConfig forward = phase.config(LivePhase.LIMITS);
        return new ApplyConfig(
                        phase.domain.replace("-forward", "-failback"),
                        Format.CHANGEFEED,
                        forward.replicationTarget(),
                        forward.replicationSource(),
                        forward.slices(),
                        forward.topics(),
                        Optional.empty(),
                        forward.bootstrapServers(),
                        forward.kafkaProperties(),
                        directory.resolve("back" + mode),
                        forward.limits())
                .in(mode);
    }
}
