package dev.godwit.apply.write;

import dev.godwit.apply.ApplyConfig.LargeTransactions;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.change.SpilledChanges;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.DomainState.AppliedRange;
import dev.godwit.apply.ledger.FencedException;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * A target in memory that survives the crashes of its appliers, for simulations of tables with a key and three more
 * columns.
 */
public final class MemoryTarget {
    private final Map<TableName, RowFilter> slices;
    private final Map<TableName, Map<String, Row>> rows = new TreeMap<>();
    private final List<AppliedRange> applied = new ArrayList<>();
    private final Map<Position, Long> begun = new HashMap<>();
    private Map<TopicPartition, Long> restartOffsets = Map.of();
    private Position consistentPoint;
    private Position lastWritten;
    private String marker;
    private long epoch;

    public MemoryTarget(Map<TableName, RowFilter> slices) {
        this.slices = slices;
    }

    /** Decides, at the borders of every target transaction, whether the applier dies there. */
    public interface Crashes {
        void maybe(String where);
    }

    /**
     * The view of one applier.
     *
     * @param large how it cuts transactions that are too large for memory
     */
    public Target session(Crashes crashes, LargeTransactions large) {
        return new Target() {
            private long ownEpoch;

            @Override
            public DomainState takeOver() {
                ownEpoch = ++epoch;
                return new DomainState(
                        ownEpoch, consistentPoint, List.copyOf(applied), Map.copyOf(begun), Map.copyOf(restartOffsets));
            }

            @Override
            public void write(Batch batch) {
                requireEpoch();
                crashes.maybe("before a write");
                if (batch.isSpilled()) {
                    writeSpilled(batch.transactions().get(0), crashes, large);
                } else {
                    apply(new FoldedBatch(batch));
                }
                batch.transactions().forEach(transaction -> begun.remove(transaction.position()));
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
                marker = progress.marker() == null ? marker : progress.marker();
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

    /** In pieces, of which some may have been written by an earlier applier; each as a whole. */
    private void writeSpilled(Transaction transaction, Crashes crashes, LargeTransactions large) {
        Long place = transaction.spilled().hasStableOrder() ? begun.get(transaction.position()) : null;
        try (SpilledChanges.Reader reader =
                transaction.spilled().read(place == null ? SpilledChanges.BEGINNING : place)) {
            Chunks chunks = new Chunks(reader, large);
            List<FoldedBatch> piece = new ArrayList<>();
            long rows = 0;
            while (chunks.hasNext()) {
                List<Change> chunk = chunks.next();
                piece.add(new FoldedBatch(chunk));
                rows += chunk.size();
                if (rows >= large.targetTransactionRowsMax() && chunks.hasNext()) {
                    piece.forEach(this::apply);
                    piece.clear();
                    rows = 0;
                    begun.put(transaction.position(), chunks.place());
                    crashes.maybe("after a piece");
                }
            }
            piece.forEach(this::apply);
        }
    }

    private void apply(FoldedBatch batch) {
        batch.tables().forEach(this::apply);
    }

    /** As the statements of a target transaction do it: completion first, then deletes, then upserts. */
    private void apply(TableChanges table) {
        Map<String, Row> content = rows.computeIfAbsent(table.table().name(), name -> new HashMap<>());
        Map<String, Row> before = new HashMap<>(content);
        RowFilter slice = slices.get(table.table().name());
        if (table.truncate() != null) {
            content.values().removeIf(row -> isOurs(slice, row));
        }
        for (Change change : table.changes()) {
            Row row = content.get(change.key().toString());
            if (change.operation() == Operation.DELETE && row != null && isOurs(slice, row)) {
                content.remove(change.key().toString());
            }
        }
        for (Change change : table.changes()) {
            if (change.operation() == Operation.UPSERT) {
                content.put(change.key().toString(), whole(change, before, content));
            }
        }
        if (content.isEmpty()) {
            rows.remove(table.table().name());
        }
    }

    private static boolean isOurs(RowFilter slice, Row row) {
        return slice == null || slice.matches(row::value);
    }

    private static Row whole(Change change, Map<String, Row> before, Map<String, Row> content) {
        Row after = change.after();
        if (!after.isPartial()) {
            return after;
        }
        Row older = change.movedFrom() == null
                ? content.get(change.key().toString())
                : before.get(change.movedFrom().toString());
        if (older == null) {
            throw new AssertionError("nothing to complete " + change + " from");
        }
        Row whole = after.over(older);
        if (whole.isPartial()) {
            throw new AssertionError(change + " lacks values even so");
        }
        return whole;
    }

    /** Table, key, value. */
    public Map<TableName, Map<String, String>> rows() {
        Map<TableName, Map<String, String>> text = new TreeMap<>();
        rows.forEach((table, content) -> {
            Map<String, String> values = new HashMap<>();
            content.forEach((key, row) -> values.put(key, text(row)));
            text.put(table, values);
        });
        return text;
    }

    /** The columns behind the key. */
    public static String text(Row row) {
        return row.value(1) + "|" + row.value(2) + "|" + row.value(3);
    }

    /** The last drain marker that the consistent point has passed; null if none. */
    public String marker() {
        return marker;
    }

    public Position consistentPoint() {
        return consistentPoint;
    }

    /** The end of the last batch; null if there was none. */
    public Position lastWritten() {
        return lastWritten;
    }

    /** Whether a transaction is there in part, as pieces of a large one are. */
    public boolean isBetweenPieces() {
        return !begun.isEmpty();
    }

    public Map<TopicPartition, Long> restartOffsets() {
        return restartOffsets;
    }

    /** Rows of the ledger's applied table. */
    public int appliedRows() {
        return applied.size();
    }
}
