package dev.godwit.verify;

import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.RowDifference.Kind;
import dev.godwit.verify.repair.RepairChange;
import dev.godwit.verify.repair.RepairChange.Action;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what has to be written to make given rows of one table equal, as both sides are now. */
final class RepairTable {
    private static final int KEYS_PER_QUERY = 500;

    private final VerifyRequest request;
    private final TablePlan plan;
    private final List<List<String>> keys;
    private final RowJudge judge;
    private final StopSignal stop = new StopSignal();

    /** @param keys in key order of the plan */
    RepairTable(VerifyRequest request, TablePlan plan, List<List<String>> keys) {
        this.request = request;
        this.plan = plan;
        this.keys = List.copyOf(keys);
        this.judge = new RowJudge(plan);
    }

    /** A row that differs and what makes it equal. */
    record Needed(RowDifference difference, RepairChange change) {}

    TableName table() {
        return plan.table();
    }

    TableName target() {
        return plan.pair().target();
    }

    /** Reads both sides; where replication runs, only differences that it will not mend by itself. */
    List<Needed> needed() throws SQLException {
        List<List<String>> open = keys;
        if (request.live().isPresent()) {
            List<List<String>> real = new ArrayList<>();
            new LiveRecheck(
                            request,
                            request.live().get(),
                            plan,
                            stop,
                            difference -> real.add(List.copyOf(difference.key().values())))
                    .settle(keys);
            open = real;
        }
        List<Needed> needed = new ArrayList<>();
        try (KeyedRows source = KeyedRows.ofSource(request.source(), plan, stop);
                KeyedRows target = KeyedRows.ofTarget(request.target(), plan, stop)) {
            for (int i = 0; i < open.size(); i += KEYS_PER_QUERY) {
                List<List<String>> batch = open.subList(i, Math.min(open.size(), i + KEYS_PER_QUERY));
                Map<RowKey, KeyedRow> here = source.read(batch);
                Map<RowKey, KeyedRow> there = target.read(batch);
                for (List<String> key : batch) {
                    RowKey rowKey = plan.rowKey(key);
                    Optional<RowDifference> difference = judge.difference(key, here.get(rowKey), there.get(rowKey));
                    difference.ifPresent(
                            found -> needed.add(new Needed(found, change(found, here.get(rowKey), there.get(rowKey)))));
                }
            }
        }
        return needed;
    }

    private RepairChange change(RowDifference difference, KeyedRow source, KeyedRow target) {
        Map<String, String> values = new LinkedHashMap<>();
        if (difference.kind() == Kind.EXTRANEOUS) {
            for (int column : plan.key()) {
                values.put(plan.columns().get(column).target().name(), target.value(column));
            }
            return new RepairChange(Action.DELETE, target(), values);
        }
        for (int i = 0; i < plan.columns().size(); i++) {
            values.put(plan.columns().get(i).target().name(), source.value(i));
        }
        return new RepairChange(Action.UPSERT, target(), values);
    }
}
