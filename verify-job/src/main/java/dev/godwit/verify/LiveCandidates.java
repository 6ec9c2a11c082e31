package dev.godwit.verify;

import dev.godwit.verify.RowDifference.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * The differences that the first reading of a table found while something writes: each may be one of time only. Holds keys, no values. Used by
 * the thread of one table.
 */
final class LiveCandidates {
    /** Some hundred megabytes at most; where more differ, replication has not caught up or the load is wrong. */
    static final int KEYS_MAX = 500_000;

    private final TablePlan plan;
    private final List<List<String>> keys = new ArrayList<>();
    private long missing;
    private long mismatch;
    private long extraneous;

    LiveCandidates(TablePlan plan) {
        this.plan = plan;
    }

    /** @throws VerifyFailedException if there are too many */
    synchronized void add(RowDifference difference) {
        if (keys.size() == KEYS_MAX) {
            throw new VerifyFailedException(
                    "more than " + KEYS_MAX + " rows of " + plan.table()
                            + " differ, too many to check again while replication runs",
                    "let replication catch up and verify again, or stop the traffic and verify without --live");
        }
        keys.add(List.copyOf(difference.key().values()));
        Kind kind = difference.kind();
        missing += kind == Kind.MISSING ? 1 : 0;
        mismatch += kind == Kind.MISMATCH ? 1 : 0;
        extraneous += kind == Kind.EXTRANEOUS ? 1 : 0;
    }

    List<List<String>> keys() {
        return keys;
    }

    /** What is left of the counts of the first reading without these rows. */
    RowCounts without(RowCounts first) {
        return new RowCounts(
                first.truthRows() - missing - mismatch,
                first.success(),
                first.conditionalSuccess(),
                first.missing() - missing,
                first.mismatch() - mismatch,
                first.extraneous() - extraneous,
                first.columnMismatch());
    }
}
