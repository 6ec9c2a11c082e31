package dev.godwit.apply.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PositionListTest {
    @Test
    void isShortAndExactForLogSequenceNumbers() {
        List<Position> positions = List.of(new Lsn(0x16B374D848L), new Lsn(0x16B374D8F0L), new Lsn(0x1700000000L));

        assertThat(PositionList.format(positions)).isEqualTo("16/B374D848 a8 4c8b2710");
        assertThat(PositionList.parse(PositionList.format(positions))).isEqualTo(positions);
    }

    @Test
    void isShortAndExactForHybridTimestamps() {
        List<Position> positions = List.of(
                new HybridTimestamp(1_700_000_000_000_000_000L, 3),
                new HybridTimestamp(1_700_000_000_000_000_000L, 4),
                new HybridTimestamp(1_700_000_000_000_000_250L, 0));

        assertThat(PositionList.format(positions)).isEqualTo("1700000000000000000.0000000003 0.4 250");
        assertThat(PositionList.parse(PositionList.format(positions))).isEqualTo(positions);
    }

    @Test
    void mayBeOne() {
        assertThat(PositionList.parse(PositionList.format(List.of(new Lsn(7))))).isEqualTo(List.of(new Lsn(7)));
    }
}
