package dev.godwit.bench.verify;

import dev.godwit.bench.fetch.FetchWorkload;

/**
 * One situation in which all contestants are measured.
 *
 * @param overLink whether one of the databases is behind the link
 * @param differing whether some rows differ
 */
public record VerifyScenario(FetchWorkload workload, boolean overLink, boolean differing) {
    String label() {
        return workload.label() + ", " + (overLink ? "one database behind the link" : "all on this machine") + ", "
                + (differing ? "some rows differ" : "equal");
    }
}
