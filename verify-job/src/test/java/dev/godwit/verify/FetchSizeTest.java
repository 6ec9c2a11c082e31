package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FetchSizeTest {

    @Test
    void growsToTheBatchSizeWhereRowsAreNarrow() {
        FetchSize size = new FetchSize(20_000);
        assertThat(readBatch(size, 50)).isEqualTo(20_000);
        assertThat(readBatch(size, 50)).isEqualTo(20_000);
    }

    @Test
    void staysSmallWhereRowsAreWide() {
        FetchSize size = new FetchSize(20_000);
        assertThat(readBatch(size, 1 << 20)).isEqualTo(8);
        assertThat(readBatch(size, 100 << 20)).isEqualTo(1);
        assertThat(readBatch(size, 0)).isEqualTo(20_000);
    }

    @Test
    void neverExceedsTheBatchSize() {
        FetchSize size = new FetchSize(7);
        assertThat(size.size()).isEqualTo(7);
        assertThat(readBatch(size, 0)).isEqualTo(7);
    }

    private static int readBatch(FetchSize size, long charactersPerRow) {
        while (!size.rowRead(charactersPerRow)) {
            assertThat(size.size()).isPositive();
        }
        return size.size();
    }
}
