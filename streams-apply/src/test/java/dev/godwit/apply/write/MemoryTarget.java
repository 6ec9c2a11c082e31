package dev.godwit.apply.write;

import dev.godwit.apply.ApplyConfig.LargeTransactions;
import dev.godwit.apply.change.Change;
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
import org.apache.kafka.common.TopicPartition;

/**
 * A target in memory that survives the crashes of its appliers, for simulations. It has unique and foreign keys, loses
 * connections before and after a commit, and retries as {@link SqlTarget} does.
 */
public final class MemoryTarget {
    private final MemoryRows rows;
    private final List<AppliedBatch> applied = new ArrayList<>();
    private final Map<Position, Long> begun = new HashMap<>();
    private final Set<Position> everApplied = new HashSet<>();
    private final Retries retries = Retries.withoutPauses(Duration.ofMinutes(1));
    private Map<TopicPartition, Long> restartOffsets = Map.of();
    private Position consistentPoint;
    private String marker;
    private long epoch;

    public MemoryTarget(Map<TableName, RowFilter> slices, Catalog catalog) {
        this.rows = new MemoryRows(slices, catalog);
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
        Map<TableName, Map<String, Row>> before = rows.copy();
        if (batch.isSpilled()) {
            writeSpilled(batch.transactions().get(0), accidents, large);
        } else {
            rows.apply(new FoldedBatch(batch));
        }
        batch.transactions().forEach(transaction -> begun.remove(transaction.position()));
        try {
            if (begun.isEmpty()) {
                rows.check(before);
            }
        } catch (RefusedByConstraintException e) {
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
                    piece.forEach(rows::apply);
                    piece.clear();
                    written = 0;
                    begun.put(transaction.position(), chunks.place());
                    accidents.crash("after a piece");
                }
            }
            piece.forEach(rows::apply);
        }
    }

    /** Table, key, value. */
    public Map<TableName, Map<String, String>> rows() {
        return rows.text();
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
