package dev.godwit.phase.run;

import dev.godwit.apply.ApplyStatistics;

/**
 * What appliers in this process have done.
 *
 * @param transactions of the replication source, with changes of the slice
 * @param upserts rows inserted or updated
 * @param deletes rows deleted, tables truncated
 */
public record ApplyCounts(long transactions, long upserts, long deletes) {
    static final ApplyCounts NONE = new ApplyCounts(0, 0, 0);

    static ApplyCounts of(ApplyStatistics statistics) {
        return new ApplyCounts(statistics.transactions(), statistics.upserts(), statistics.deletes());
    }

    ApplyCounts plus(ApplyCounts other) {
        return new ApplyCounts(transactions + other.transactions, upserts + other.upserts, deletes + other.deletes);
    }

    public long changes() {
        return upserts + deletes;
    }
}
