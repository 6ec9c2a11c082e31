package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.apply.write.Batch;
import dev.godwit.apply.write.Target;

/** Counts what is written to a target; a transaction without changes is one of which all changes have been put aside. */
final class MeasuredTarget implements Target {
    private final Target target;
    private final ApplyStatistics statistics;

    MeasuredTarget(Target target, ApplyStatistics statistics) {
        this.target = target;
        this.statistics = statistics;
    }

    @Override
    public DomainState takeOver() {
        return target.takeOver();
    }

    @Override
    public void write(Batch batch) {
        long began = statistics.laneUse().began();
        try {
            target.write(batch);
        } finally {
            statistics.laneUse().ended(began);
        }
        statistics.applied(batch.transactions().stream()
                .filter(transaction -> !transaction.isEmpty())
                .toList());
        statistics.left(batch.transactions());
    }

    @Override
    public void advance(Progress progress) {
        target.advance(progress);
    }

    @Override
    public void close() {
        target.close();
    }
}
