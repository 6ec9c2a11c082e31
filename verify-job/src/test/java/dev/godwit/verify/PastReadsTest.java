package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PastReadsTest {
    private static final String BEGUN = "1700000000123456789.0000000007";

    private final AtomicLong nanos = new AtomicLong(-42);
    private final PastReads reads = new PastReads(new BigDecimal(BEGUN), nanos::get);

    @Test
    void nothingIsReadAsItWasBeforeTheComparisonBegan() {
        assertThat(reads.time()).isEqualTo(BEGUN);
        nanos.addAndGet(PastReads.BEHIND.toNanos());
        assertThat(reads.time()).isEqualTo(BEGUN);
    }

    @Test
    void laterTransactionsReadFiveSecondsBehind() {
        nanos.addAndGet(PastReads.BEHIND.toNanos() + 1_000_000_011L);

        assertThat(reads.time()).isEqualTo("1700000001123456800.0000000007");
    }
}
