package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.DomainState.AppliedRange;
import dev.godwit.apply.ledger.FencedException;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.database.catalog.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** A target in memory that survives the crashes of its appliers, for simulations. A row is its second column. */
public final class MemoryTarget {
    private final Map<TableName, Map<String, String>> rows = new TreeMap<>();
    private final List<AppliedRange> applied = new ArrayList<>();
    private Map<TopicPartition, Long> restartOffsets = Map.of();
    private Position consistentPoint;
    private Position lastWritten;
    private long epoch;

    /** Decides, at the borders of every target transaction, whether the applier dies there. */
    public interface Crashes {
        void maybe(String where);
    }

    /** The view of one applier. */
    public Target session(Crashes crashes) {
        return new Target() {
            private long ownEpoch;

            @Override
            public DomainState takeOver() {
                ownEpoch = ++epoch;
                return new DomainState(ownEpoch, consistentPoint, List.copyOf(applied), Map.copyOf(restartOffsets));
            }

            @Override
            public void write(Batch batch) {
                requireEpoch();
                crashes.maybe("before a write");
                for (TableChanges table : new FoldedBatch(batch).tables()) {
                    apply(table);
                }
                applied.add(new AppliedRange(batch.first(), batch.last()));
                lastWritten = batch.last();
                crashes.maybe("after a write");
            }

            @Override
            public void advance(Progress progress) {
                requireEpoch();
                crashes.maybe("before a step");
                if (consistentPoint != null && progress.consistentPoint().compareTo(consistentPoint) < 0) {
                    throw new AssertionError("the consistent point went back from " + consistentPoint + " to "
                            + progress.consistentPoint());
                }
                consistentPoint = progress.consistentPoint();
                restartOffsets = Map.copyOf(progress.restartOffsets());
                applied.removeIf(range -> progress.covered().contains(range.last()));
                crashes.maybe("after a step");
            }

            private void requireEpoch() {
                if (ownEpoch != epoch) {
                    throw new FencedException("simulated", ownEpoch);
                }
            }

            @Override
            public void close() {}
        };
    }

    private void apply(TableChanges table) {
        Map<String, String> content = rows.computeIfAbsent(table.table().name(), name -> new HashMap<>());
        if (table.truncate() != null) {
            content.clear();
        }
        for (Change change : table.changes()) {
            Key key = change.key();
            if (change.operation() == Operation.DELETE) {
                content.remove(key.toString());
            } else {
                content.put(key.toString(), change.after().value(1));
            }
        }
        if (content.isEmpty()) {
            rows.remove(table.table().name());
        }
    }

    /** Table, key, value. */
    public Map<TableName, Map<String, String>> rows() {
        return rows;
    }

    public Position consistentPoint() {
        return consistentPoint;
    }

    /** The end of the last batch; null if there was none. */
    public Position lastWritten() {
        return lastWritten;
    }

    public Map<TopicPartition, Long> restartOffsets() {
        return restartOffsets;
    }

    /** Rows of the ledger's applied table. */
    public int appliedRows() {
        return applied.size();
    }
}
