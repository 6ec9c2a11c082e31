package dev.godwit.fetch;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Stops the load when the JVM ends early (Ctrl-C), and holds the JVM until the load has taken back what it created. */
final class StopOnShutdown implements AutoCloseable {
    private static final long CLEAN_UP_SECONDS = 20;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;

    StopOnShutdown(Runnable stop) {
        hook = new Thread(
                () -> {
                    stop.run();
                    await();
                },
                "godwit-fetch-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void await() {
        try {
            if (!finished.await(CLEAN_UP_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("The load did not end in time; its replication slot may still be there.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending; the hook has heard of the count-down.
            return;
        }
    }
}
