package dev.godwit.verify.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeyRangeTest {
    private static final List<List<String>> CUTS = List.of(List.of("10"), List.of("20"), List.of("30"));

    @Test
    void partsOfAllKeysLeaveNoKeyOut() {
        assertThat(KeyRange.ALL.part(CUTS, 0)).isEqualTo(new KeyRange(List.of(), List.of("10")));
        assertThat(KeyRange.ALL.part(CUTS, 1)).isEqualTo(new KeyRange(List.of("10"), List.of("20")));
        assertThat(KeyRange.ALL.part(CUTS, 3)).isEqualTo(new KeyRange(List.of("30"), List.of()));
        assertThat(KeyRange.ALL.parts(CUTS, 0, 3)).isEqualTo(KeyRange.ALL);
        assertThat(KeyRange.ALL.part(List.of(), 0)).isEqualTo(KeyRange.ALL);
    }

    @Test
    void partsOfARangeStayWithinIt() {
        KeyRange range = new KeyRange(List.of("5"), List.of("35"));

        assertThat(range.part(CUTS, 0)).isEqualTo(new KeyRange(List.of("5"), List.of("10")));
        assertThat(range.parts(CUTS, 2, 3)).isEqualTo(new KeyRange(List.of("20"), List.of("35")));
    }
}
