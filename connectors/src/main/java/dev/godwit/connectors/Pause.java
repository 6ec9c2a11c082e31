package dev.godwit.connectors;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting between two looks at something that no one tells us about. */
final class Pause {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private Pause() {}

    static void of(Duration length) {
        try {
            Thread.sleep(length.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }

    /** @return whether it came true in time */
    static boolean until(BooleanSupplier condition, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            of(BETWEEN_LOOKS);
        }
        return true;
    }
}
