package dev.godwit.local.demo;

import java.util.List;

/**
 * What the traffic of a region has done since it started.
 *
 * @param transactions acknowledged ones
 * @param rowsChanged inserted, updated and deleted by these, with their rows of {@code audit_log}
 * @param skipped turns that were passed over because the region was stopped
 * @param retries attempts that were repeated, after a serialization failure or on a new connection
 * @param abandoned transactions that the database rolled back for a conflict and that were not tried again, because
 *     the region or the traffic was being stopped
 * @param failures transactions that were given up for any other reason
 * @param firstFailures the reasons of the first few
 */
public record RegionCounts(
        long transactions,
        long rowsChanged,
        long skipped,
        long retries,
        long abandoned,
        long failures,
        List<String> firstFailures) {
    static final RegionCounts NONE = new RegionCounts(0, 0, 0, 0, 0, 0, List.of());

    public RegionCounts {
        firstFailures = List.copyOf(firstFailures);
    }

    /** Both together. */
    public RegionCounts plus(RegionCounts other) {
        return new RegionCounts(
                transactions + other.transactions,
                rowsChanged + other.rowsChanged,
                skipped + other.skipped,
                retries + other.retries,
                abandoned + other.abandoned,
                failures + other.failures,
                firstFailures.isEmpty() ? other.firstFailures : firstFailures);
    }
}
