package dev.godwit.apply.immediate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SeenVersionsTest {
    private static final Origin ORIGIN = new Origin(new TopicPartition("t", 0), 7);

    @Test
    void ofARowWithoutAKeyOnlyThePromiseTells() {
        SeenVersions seen = new SeenVersions("20.0000000000");

        assertThat(seen.isPassed(ORIGIN, row(20))).isTrue();
        assertThat(seen.isPassed(ORIGIN, row(21))).isFalse();
        seen.resolved(new Event.Resolved(new HybridTimestamp(22, 0)));
        assertThat(seen.isPassed(ORIGIN, row(21))).isTrue();
    }

    private static Event row(long updated) {
        return new Event.TimestampedRow(new HybridTimestamp(updated, 0), Meaning.DATA, null, null);
    }
}
