package dev.godwit.phase.run;

import dev.godwit.apply.ApplyStatistics;
import java.util.Collection;

/**
 * What appliers in this process have done.
 *
 * @param transactions of the replication source, with changes of the slice
 * @param upserts rows inserted or updated
 * @param deletes rows deleted, tables truncated
 */
public record ApplyCounts(long transactions, long upserts, long deletes) {
    static final ApplyCounts NONE = new ApplyCounts(0, 0, 0);

    /** Of all ordering domains together: a transaction that concerns several counts in each. */
    static ApplyCounts of(Collection<ApplyStatistics> domains) {
        return domains.stream()
                .map(domain -> new ApplyCounts(domain.transactions(), domain.upserts(), domain.deletes()))
                .reduce(NONE, ApplyCounts::plus);
    }

    ApplyCounts plus(ApplyCounts other) {
        return new ApplyCounts(transactions + other.transactions, upserts + other.upserts, deletes + other.deletes);
    }

    public long changes() {
        return upserts + deletes;
    }
}
