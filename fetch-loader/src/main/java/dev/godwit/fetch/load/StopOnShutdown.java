package dev.godwit.fetch.load;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Stops the load when the JVM ends early (Ctrl-C), and holds the JVM until the load has taken back what it created. */
final class StopOnShutdown implements AutoCloseable {
    /** CockroachDB looks for cancelled jobs every 10 s, and begins to take back what they wrote up to 30 s later. */
    private static final int CLEAN_UP_SECONDS = 60;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;

    /** @param stop may run several times: a request to cancel is lost if it comes just before the statement that it is for */
    StopOnShutdown(Runnable stop) {
        hook = new Thread(() -> stopUntilFinished(stop), "godwit-fetch-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stopUntilFinished(Runnable stop) {
        try {
            for (int second = 0; second < CLEAN_UP_SECONDS; second++) {
                stop.run();
                if (finished.await(1, TimeUnit.SECONDS)) {
                    return;
                }
            }
            System.err.println("the load did not end in time; its replication slot may still be on the source, and its"
                    + " jobs of IMPORT INTO, which were cancelled, may still be running on the target");
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
        }
    }
}
