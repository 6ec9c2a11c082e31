package dev.godwit.apply.write;

import dev.godwit.apply.OperatorLog;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Tells the operator that target transactions fail and are tried again: the first time at once, then a summary from
 * time to time, as a target that is down fails every lane many times a minute. Thread-safe.
 */
final class RetryLog {
    private static final long SUMMARY_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Map<String, Integer> bySqlState = new TreeMap<>();
    private long toldAt = System.nanoTime() - SUMMARY_INTERVAL_NANOS;
    private long failingSince;
    private int failed;

    /** It will be tried again. */
    synchronized void failed(String what, SQLException failure) {
        long now = System.nanoTime();
        if (failed++ == 0) {
            failingSince = now;
        }
        bySqlState.merge(String.valueOf(failure.getSQLState()), 1, Integer::sum);
        if (now - toldAt < SUMMARY_INTERVAL_NANOS) {
            return;
        }
        toldAt = now;
        OperatorLog.LOG.info(
                "tries again to {}: {} (SQLSTATE {}){}",
                what,
                firstLine(failure),
                failure.getSQLState(),
                failed == 1 ? "" : "; " + summary(now));
    }

    /** After failures, a transaction went through. */
    synchronized void succeeded() {
        if (failed > 1) {
            OperatorLog.LOG.info("the target takes transactions again: {}", summary(System.nanoTime()));
        }
        failed = 0;
        bySqlState.clear();
    }

    private String summary(long now) {
        return failed + " attempts failed in " + TimeUnit.NANOSECONDS.toSeconds(now - failingSince) + " s, by SQLSTATE "
                + bySqlState;
    }

    /** PostgreSQL's messages go on with details, where values of the row may stand. */
    private static String firstLine(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
