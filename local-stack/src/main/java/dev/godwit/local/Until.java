package dev.godwit.local;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for conditions of servers, which tell nobody when they are ready. */
final class Until {
    private Until() {}

    /**
     * Asks again and again until the answer is yes. An exception counts as no, and the last one is the cause of the failure.
     *
     * @param what what is waited for, for the message
     * @param gaveUp asked before each try: a reason why the answer will never be yes, or null
     */
    static void holds(String what, Duration atMost, Supplier<String> gaveUp, Callable<Boolean> condition) {
        long end = System.nanoTime() + atMost.toNanos();
        Exception last = null;
        while (true) {
            String reason = gaveUp.get();
            if (reason != null) {
                throw new IllegalStateException(what + ": " + reason, last);
            }
            try {
                if (condition.call()) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting: " + what, e);
            } catch (Exception e) {
                last = e;
            }
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(what + ": not within " + atMost.toSeconds() + " s", last);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting: " + what, e);
            }
        }
    }
}
