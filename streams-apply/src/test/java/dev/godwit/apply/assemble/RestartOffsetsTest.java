package dev.godwit.apply.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RestartOffsetsTest {
    private static final TopicPartition A = new TopicPartition("a", 0);
    private static final TopicPartition B = new TopicPartition("b", 0);

    @Test
    void staysAtTheFirstRecordThatAnUnappliedTransactionNeeds() {
        RestartOffsets offsets = new RestartOffsets();
        RestartOffsets.Holder holder = new RestartOffsets.Holder();
        offsets.seen(A, 3, holder);
        offsets.seen(A, 4);
        offsets.seen(B, 7, holder);
        offsets.seen(B, 9, holder);

        assertThat(offsets.snapshot()).isEqualTo(Map.of(A, 3L, B, 7L));
        offsets.release(holder);
        assertThat(offsets.snapshot()).isEqualTo(Map.of(A, 5L, B, 10L));
    }

    @Test
    void keepsThePlaceOfATopicInWhichNothingNewComes() {
        RestartOffsets offsets = new RestartOffsets(Map.of(A, 5L));
        offsets.seen(B, 0);

        assertThat(offsets.snapshot()).isEqualTo(Map.of(A, 5L, B, 1L));
    }

    @Test
    void neverGoesBackBehindTheLedger() {
        RestartOffsets offsets = new RestartOffsets(Map.of(A, 5L));
        offsets.seen(A, 3, new RestartOffsets.Holder());

        assertThat(offsets.snapshot()).isEqualTo(Map.of(A, 5L));
    }
}
