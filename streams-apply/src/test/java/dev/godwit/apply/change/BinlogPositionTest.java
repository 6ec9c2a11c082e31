package dev.godwit.apply.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BinlogPositionTest {
    @Test
    void isReadAsItIsWrittenAndOrderedByFileAndOffset() {
        Position early = Position.parse("mysql-bin.000009:900");
        Position later = Position.parse("mysql-bin.000009:1000");
        Position next = Position.parse("mysql-bin.000010:4");
        assertThat(List.of(early, later, next)).isSorted();
        assertThat(later).hasToString("mysql-bin.000009:1000");
        assertThat(Position.parse("a.b.1234567:1")).hasToString("a.b.1234567:1");
        assertThat(PositionList.parse(PositionList.format(List.of(early, later, next))))
                .containsExactly(early, later, next);
    }

    @Test
    void placesOfTwoServersAreNotCompared() {
        assertThatThrownBy(() -> Position.parse("one-bin.000001:4").compareTo(Position.parse("two-bin.000001:5")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another server");
    }
}
