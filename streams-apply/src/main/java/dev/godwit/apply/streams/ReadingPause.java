package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.OperatorLog;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Whether to stop reading for a while, as more waits to be written than the limits allow. Short pauses are the normal
 * way of keeping step with the target; long ones are told. Asked by one thread.
 */
final class ReadingPause implements BooleanSupplier {
    private static final long TOLD_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String domain;
    private final BooleanSupplier full;
    private final ApplyStatistics statistics;
    private long since;
    private boolean paused;
    private boolean told;

    ReadingPause(String domain, BooleanSupplier full, ApplyStatistics statistics) {
        this.domain = domain;
        this.full = full;
        this.statistics = statistics;
    }

    @Override
    public boolean getAsBoolean() {
        boolean now = full.getAsBoolean();
        if (now && !paused) {
            since = System.nanoTime();
        }
        long lasted = System.nanoTime() - since;
        if (now && !told && lasted > TOLD_AFTER_NANOS) {
            told = true;
            OperatorLog.LOG.info(
                    "{}: reading pauses: {} transactions with {} changes wait for the target",
                    domain,
                    statistics.waitingTransactions(),
                    statistics.waitingRows());
        }
        if (!now && told) {
            told = false;
            OperatorLog.LOG.info("{}: reading goes on after {} s", domain, TimeUnit.NANOSECONDS.toSeconds(lasted));
        }
        if (now != paused) {
            paused = now;
            statistics.paused(now);
        }
        return now;
    }
}
