package dev.godwit.phase.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** On Ctrl-C or SIGTERM, interrupts the working thread and holds the JVM until that has put things in order. */
final class Signals {
    private static final int ORDERLY_END_SECONDS = 40;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    private Signals(Thread worker) {
        hook = new Thread(
                () -> {
                    worker.interrupt();
                    awaitEnd();
                },
                "stop-on-signal");
    }

    /** Does the work; a signal interrupts it. */
    static <T> T interrupting(Callable<T> work) throws Exception {
        Signals signals = new Signals(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(signals.hook);
        try {
            return work.call();
        } finally {
            signals.end();
        }
    }

    private void awaitEnd() {
        try {
            if (!ended.await(ORDERLY_END_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "the run did not end within " + ORDERLY_END_SECONDS + " s; the next run will sort it out");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook has just been told.
            return;
        }
    }
}
