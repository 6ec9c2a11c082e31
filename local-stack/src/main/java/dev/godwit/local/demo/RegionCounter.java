package dev.godwit.local.demo;

import java.util.ArrayList;
import java.util.List;

/** Counts what becomes {@link RegionCounts}. Thread-safe. */
final class RegionCounter {
    private static final int FAILURES_KEPT_MAX = 5;

    private final List<String> firstFailures = new ArrayList<>();
    private long transactions;
    private long rowsChanged;
    private long skipped;
    private long retries;
    private long abandoned;
    private long failures;

    synchronized void transaction(long rows) {
        transactions++;
        rowsChanged += rows;
    }

    synchronized void skip() {
        skipped++;
    }

    synchronized void retry() {
        retries++;
    }

    synchronized void abandon() {
        abandoned++;
    }

    synchronized void failure(String reason) {
        failures++;
        if (firstFailures.size() < FAILURES_KEPT_MAX) {
            firstFailures.add(reason);
        }
    }

    synchronized RegionCounts counts() {
        return new RegionCounts(transactions, rowsChanged, skipped, retries, abandoned, failures, firstFailures);
    }
}
