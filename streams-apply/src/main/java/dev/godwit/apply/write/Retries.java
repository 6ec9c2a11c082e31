package dev.godwit.apply.write;

import dev.godwit.apply.ApplyException;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.dialect.FailureClass;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a target transaction as its failures demand, bounded by time and by number. One instance may serve several
 * threads; {@link #stop()} makes all of them give up at their next failure.
 */
public final class Retries {
    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
    /** With the longest pauses, more than an hour: by default the time decides. */
    private static final int ATTEMPTS_MAX = 1_000;

    private static final Duration BACKOFF_MIN = Duration.ofMillis(20);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);

    private final Duration timeMax;
    private final int attemptsMax;
    private final Consumer<FailureClass> retried;
    private final RetryLog log = new RetryLog();
    private final Duration backoffMin;
    private final Random jitter = new Random();
    private final Object stopping = new Object();
    private boolean stopped;

    /** @param timeMax how long one transaction is tried before the applier stops */
    public Retries(Duration timeMax) {
        this(timeMax, ATTEMPTS_MAX, BACKOFF_MIN, reason -> {});
    }

    /**
     * @param timeMax how long one transaction is tried before the applier stops
     * @param attemptsMax and how often
     * @param retried is told why, each time a transaction is tried again; from the threads that write
     */
    public Retries(Duration timeMax, int attemptsMax, Consumer<FailureClass> retried) {
        this(timeMax, attemptsMax, BACKOFF_MIN, retried);
    }

    private Retries(Duration timeMax, int attemptsMax, Duration backoffMin, Consumer<FailureClass> retried) {
        this.timeMax = timeMax;
        this.attemptsMax = attemptsMax;
        this.backoffMin = backoffMin;
        this.retried = retried;
    }

    /** For simulations. */
    static Retries withoutPauses(Duration timeMax) {
        return new Retries(timeMax, ATTEMPTS_MAX, Duration.ZERO, reason -> {});
    }

    /** What a new attempt has to know of the earlier ones. */
    static final class Attempt {
        private boolean outcomeUnknown;
        private final int ordersMax;
        private int refusals;
        private boolean askedAgain;

        Attempt(int ordersMax) {
            this.ordersMax = ordersMax;
        }

        /**
         * A commit whose answer was lost may still have been running while the next attempt looked for it, and then
         * collides with that attempt. So a refusal is believed only after another look.
         */
        private boolean asksAgain() {
            boolean again = outcomeUnknown && !askedAgain;
            askedAgain = true;
            return again;
        }

        /** An earlier attempt lost its connection, perhaps after the commit. */
        boolean outcomeUnknown() {
            return outcomeUnknown;
        }

        /** How many orders of statements a unique or foreign key has refused. */
        int refusals() {
            return refusals;
        }
    }

    /** A transaction that may be run several times. */
    interface Work<T> {
        T run(Attempt attempt) throws SQLException;
    }

    /** All attempts have failed; nothing is written, as far as can be known. */
    static final class FailedException extends ApplyException {
        private static final long serialVersionUID = 1L;
        private final FailureClass failureClass;

        FailedException(String message, FailureClass failureClass, SQLException cause) {
            super(message, cause);
            this.failureClass = failureClass;
        }

        boolean isAboutConstraints() {
            return failureClass == FailureClass.RETRY_AFTER_EARLIER;
        }

        boolean isAboutRows() {
            return failureClass == FailureClass.BAD_ROW || failureClass == FailureClass.RETRY_AFTER_EARLIER;
        }

        String sqlState() {
            return ((SQLException) getCause()).getSQLState();
        }
    }

    <T> T run(String what, Dialect dialect, Work<T> work) {
        return run(what, dialect, 1, work);
    }

    /** @param ordersMax how many orders of statements there are to try */
    <T> T run(String what, Dialect dialect, int ordersMax, Work<T> work) {
        Attempt attempt = new Attempt(ordersMax);
        long deadline = System.nanoTime() + timeMax.toNanos();
        for (int tries = 1; ; tries++) {
            try {
                T result = work.run(attempt);
                if (tries > 1) {
                    log.succeeded();
                }
                return result;
            } catch (SQLException e) {
                FailureClass failureClass = dialect.classify(e);
                boolean again =
                        switch (failureClass) {
                            case RETRY_NOW -> true;
                            case RECONNECT -> {
                                attempt.outcomeUnknown = true;
                                yield true;
                            }
                            // Everything earlier is in: there is no use in waiting, only in another order of
                            // statements.
                            case RETRY_AFTER_EARLIER -> ++attempt.refusals < attempt.ordersMax || attempt.asksAgain();
                            case BAD_ROW, STOP -> false;
                        };
                if (!again || tries >= attemptsMax || System.nanoTime() > deadline) {
                    throw new FailedException(
                            e.getMessage() + " (SQLSTATE " + e.getSQLState()
                                    + (tries == 1 ? "" : ", after " + tries + " attempts") + ")",
                            failureClass,
                            e);
                }
                retried.accept(failureClass);
                if (failureClass == FailureClass.RETRY_AFTER_EARLIER) {
                    // The daily work of finding an order.
                    LOG.debug("another order of statements to {}: {}", what, e.getMessage());
                } else {
                    log.failed(what, e);
                }
                if (failureClass != FailureClass.RETRY_AFTER_EARLIER) {
                    pause(tries, failureClass, e);
                }
            }
        }
    }

    /** A transaction that may be run several times, and may be found done already. */
    public interface Repeatable {
        void run() throws SQLException;
    }

    /**
     * Repeats it as its failures demand.
     *
     * @throws ApplyException if all attempts have failed
     */
    public void repeat(String what, Dialect dialect, Repeatable work) {
        run(what, dialect, attempt -> {
            work.run();
            return null;
        });
    }

    /** Ends all waiting; attempts that fail from now on are not repeated. */
    public void stop() {
        synchronized (stopping) {
            stopped = true;
            stopping.notifyAll();
        }
    }

    /** For work that takes long: whether it should give up. */
    boolean isStopped() {
        synchronized (stopping) {
            return stopped;
        }
    }

    private void pause(int tries, FailureClass failureClass, SQLException failure) {
        long full = Math.min(BACKOFF_MAX.toMillis(), backoffMin.toMillis() << Math.min(tries, 12));
        long until = System.nanoTime() + (full / 2 + jitter.nextInt((int) (full / 2) + 1)) * 1_000_000L;
        synchronized (stopping) {
            long left = until - System.nanoTime();
            while (!stopped && left > 0) {
                try {
                    stopping.wait(Math.max(1, left / 1_000_000L));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    stopped = true;
                }
                left = until - System.nanoTime();
            }
            if (stopped) {
                throw new FailedException(
                        "stopped while waiting to try again: " + failure.getMessage(), failureClass, failure);
            }
        }
    }
}
