package dev.godwit.apply.write;

import dev.godwit.apply.ApplyConfig.LargeTransactions;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.change.SpilledChanges;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.DomainState.AppliedBatch;
import dev.godwit.apply.ledger.FencedException;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.filter.RowFilter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * A target in memory that survives the crashes of its appliers, for simulations. It has unique and foreign keys, loses
 * connections before and after a commit, and retries as {@link SqlTarget} does.
 */
public final class MemoryTarget {
    /** Has this default, and was added to the source's tables in the course of the history. */
    public static final int LATE = 6;

    public static final String LATE_DEFAULT = "d";
    private static final int COLUMNS = 7;

    private final Map<TableName, RowFilter> slices;
    private final Map<TableName, Map<String, Row>> rows = new TreeMap<>();
    private final Catalog catalog;
    private final List<AppliedBatch> applied = new ArrayList<>();
    private final Map<Position, Long> begun = new HashMap<>();
    private final Set<Position> everApplied = new HashSet<>();
    private final Retries retries = Retries.withoutPauses(Duration.ofMinutes(1));
    private Map<TopicPartition, Long> restartOffsets = Map.of();
    private Position consistentPoint;
    private String marker;
    private long epoch;

    public MemoryTarget(Map<TableName, RowFilter> slices, Catalog catalog) {
        this.slices = slices;
        this.catalog = catalog;
    }

    /** Decides, at the borders of every target transaction, what goes wrong. */
    public interface Accidents {
        /** Whether the applier dies here; then this throws. */
        void crash(String where);

        /** The state of the SQL failure that happens here; null if none. */
        String sqlState();
    }

    /**
     * The view of one applier.
     *
     * @param large how it cuts transactions that are too large for memory
     */
    public Target session(Accidents accidents, LargeTransactions large) {
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
                Dialect dialect = Dialect.of(Product.POSTGRESQL);
                retries.run("write", dialect, attempt -> {
                    requireEpoch();
                    if (attempt.outcomeUnknown() && isRecorded(batch.last())) {
                        return null;
                    }
                    accidents.crash("before a write");
                    fail(false);
                    commit(batch, accidents, large);
                    accidents.crash("after a write");
                    fail(true);
                    return null;
                });
            }

            private void fail(boolean committed) throws SQLException {
                String state = accidents.sqlState();
                if (state != null && (!committed || state.startsWith("08"))) {
                    throw new SQLException("simulated", state);
                }
            }

            @Override
            public void advance(Progress progress) {
                requireEpoch();
                accidents.crash("before a step");
                if (consistentPoint != null && progress.consistentPoint().compareTo(consistentPoint) < 0) {
                    throw new AssertionError("the consistent point went back from " + consistentPoint + " to "
                            + progress.consistentPoint());
                }
                consistentPoint = progress.consistentPoint();
                restartOffsets = Map.copyOf(progress.restartOffsets());
                marker = progress.marker() == null ? marker : progress.marker();
                applied.removeIf(range -> progress.covered().contains(range.last()));
                accidents.crash("after a step");
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

    private boolean isRecorded(Position last) {
        return applied.stream().anyMatch(batch -> batch.last().equals(last));
    }

    private void commit(Batch batch, Accidents accidents, LargeTransactions large) {
        Map<TableName, Map<String, Row>> before = new TreeMap<>();
        rows.forEach((table, content) -> before.put(table, new HashMap<>(content)));
        if (batch.isSpilled()) {
            writeSpilled(batch.transactions().get(0), accidents, large);
        } else {
            apply(new FoldedBatch(batch));
        }
        batch.transactions().forEach(transaction -> begun.remove(transaction.position()));
        try {
            if (begun.isEmpty()) {
                new MemoryConstraints(catalog, before, rows).check();
            }
        } catch (RefusedByConstraintException e) {
            rows.clear();
            rows.putAll(before);
            if (batch.afterEarlier()) {
                throw new AssertionError("refused although everything earlier is in", e);
            }
            throw e;
        }
        for (Position position : batch.positions()) {
            if (!everApplied.add(position)) {
                throw new AssertionError(position + " is applied twice");
            }
        }
        applied.add(new AppliedBatch(batch.positions()));
    }

    /** In pieces, of which some may have been written by an earlier applier; each as a whole. */
    private void writeSpilled(Transaction transaction, Accidents accidents, LargeTransactions large) {
        Long place = transaction.spilled().hasStableOrder() ? begun.get(transaction.position()) : null;
        try (SpilledChanges.Reader reader =
                transaction.spilled().read(place == null ? SpilledChanges.BEGINNING : place)) {
            Chunks chunks = new Chunks(reader, large);
            List<FoldedBatch> piece = new ArrayList<>();
            long written = 0;
            while (chunks.hasNext()) {
                List<Change> chunk = chunks.next();
                piece.add(new FoldedBatch(chunk));
                written += chunk.size();
                if (written >= large.targetTransactionRowsMax() && chunks.hasNext()) {
                    piece.forEach(this::apply);
                    piece.clear();
                    written = 0;
                    begun.put(transaction.position(), chunks.place());
                    accidents.crash("after a piece");
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
            return withLate(after, content.get(change.key().toString()));
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

    /**
     * A row that is older than the late column: keeps what it has there.
     *
     * @param there the row of the same key; null if it is new
     */
    public static Row withLate(Row row, Row there) {
        if (row.isSent(LATE)) {
            return row;
        }
        if (!row.isYounger(LATE)) {
            throw new AssertionError("neither sent nor older than the column");
        }
        Row late = row.ofSameTable();
        late.set(LATE, there == null ? LATE_DEFAULT : there.value(LATE));
        return row.over(late);
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
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < COLUMNS; i++) {
            text.append(row.value(i)).append('|');
        }
        return text.toString();
    }

    /** The last drain marker that the consistent point has passed; null if none. */
    public String marker() {
        return marker;
    }

    public Position consistentPoint() {
        return consistentPoint;
    }

    /** Whether the transaction has ever been written. */
    public boolean isApplied(Position position) {
        return everApplied.contains(position);
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
