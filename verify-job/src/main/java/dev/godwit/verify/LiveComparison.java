package dev.godwit.verify;

import dev.godwit.database.catalog.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares a table while replication runs: what the first reading finds is checked again before it is told. */
final class LiveComparison {

    /** The first reading. */
    interface FirstReading {
        /** @param listener hears of every differing row before this returns */
        TableReport run(VerifyListener listener) throws SQLException;
    }

    private final VerifyRequest request;
    private final LiveSettings settings;
    private final TablePlan plan;
    private final StopSignal stop;
    private final VerifyListener listener;

    LiveComparison(
            VerifyRequest request, LiveSettings settings, TablePlan plan, StopSignal stop, VerifyListener listener) {
        this.request = request;
        this.settings = settings;
        this.plan = plan;
        this.stop = stop;
        this.listener = listener;
    }

    TableReport run(FirstReading reading) throws SQLException {
        LiveCandidates candidates = new LiveCandidates(plan);
        TableReport first = reading.run(new VerifyListener() {
            @Override
            public void progress(TableName table, long truthRows) {
                listener.progress(table, truthRows);
            }

            @Override
            public void rowDiffers(TableName table, RowDifference difference) {
                candidates.add(difference);
            }
        });
        List<RowDifference> listed = new ArrayList<>();
        LiveRecheck recheck = new LiveRecheck(request, settings, plan, stop, difference -> {
            if (listed.size() < request.differencesListedMax()) {
                listed.add(difference);
            }
            listener.rowDiffers(plan.table(), difference);
        });
        RowCounts settled = recheck.settle(candidates.keys());
        return first.recounted(candidates.without(first.counts()).plus(settled), listed, Optional.of(recheck.waited()));
    }
}
