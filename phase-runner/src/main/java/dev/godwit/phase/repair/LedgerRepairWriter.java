package dev.godwit.phase.repair;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.apply.write.Batch;
import dev.godwit.apply.write.Retries;
import dev.godwit.apply.write.SqlTarget;
import dev.godwit.apply.write.Target;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.verify.repair.RepairChange;
import dev.godwit.verify.repair.RepairChange.Action;
import dev.godwit.verify.repair.RepairWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * A {@link RepairWriter} that writes through the applier's target, under a domain of its own: each transaction touches {@code _godwit.applied}, by
 * which the other direction knows it for Godwit's own and does not carry it back.
 *
 * <p>The domain's positions are the time of the repair, since no log of a source stands behind it.
 */
public final class LedgerRepairWriter implements RepairWriter {
    private static final Duration RETRY_MAX = Duration.ofSeconds(60);
    /** There is no topic; messages name the row by it. */
    private static final TopicPartition ORIGIN = new TopicPartition("verify-repair", 0);

    private final Target target;
    private final Catalog catalog;
    private final Clock clock;
    private final Map<List<Object>, Layout> layouts = new HashMap<>();
    private final List<Position> covered = new ArrayList<>();
    private HybridTimestamp last;
    private long changes;

    private LedgerRepairWriter(Target target, Catalog catalog, Clock clock, DomainState state) {
        this.target = target;
        this.catalog = catalog;
        this.clock = clock;
        this.last = state.consistentPoint() instanceof HybridTimestamp point ? point : new HybridTimestamp(0, 0);
        // A repair that broke off between its two transactions has left these.
        state.applied().forEach(range -> {
            covered.add(range.last());
            if (range.last() instanceof HybridTimestamp point && point.compareTo(last) > 0) {
                last = point;
            }
        });
    }

    /** Takes the domain over; creates the ledger if there is none. */
    public static RepairWriter open(
            Database database, Catalog catalog, String domain, Map<TableName, RowFilter> slices) {
        SqlTarget target = new SqlTarget(database, domain, catalog, slices, 1, new Retries(RETRY_MAX));
        try {
            DomainState state = target.takeOver();
            return new LedgerRepairWriter(target, catalog, Clock.systemUTC(), state);
        } catch (ApplyException e) {
            target.close();
            throw refused("cannot write to the ledger of the target", e);
        }
    }

    private static RefusedException refused(String what, ApplyException e) {
        return new RefusedException(
                what + ": " + e.getMessage(),
                "mend the cause that the target names and repair again: what is equal by then is left alone",
                e);
    }

    @Override
    public void write(List<RepairChange> repairs) {
        if (repairs.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        HybridTimestamp position = next(now);
        List<Change> rows = new ArrayList<>();
        repairs.forEach(repair -> rows.add(change(repair)));
        try {
            target.write(new Batch(List.of(new Transaction(position, now, rows, null))));
            covered.add(position);
            target.advance(new Progress(position, now, null, Map.of(), List.copyOf(covered)));
            covered.clear();
        } catch (ApplyException e) {
            throw refused("the repair of " + repairs.size() + " rows was not written", e);
        }
    }

    /** Greater than all before, also if the clock was set back. */
    private HybridTimestamp next(Instant now) {
        long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        last = nanos > last.nanos()
                ? new HybridTimestamp(nanos, 0)
                : new HybridTimestamp(last.nanos(), last.logical() + 1);
        return last;
    }

    private Change change(RepairChange repair) {
        Layout layout = layout(repair);
        Origin origin = new Origin(ORIGIN, changes++);
        Row row = new Row(layout);
        repair.values().forEach((column, value) -> row.set(layout.index(column), value));
        Key key = row.key();
        return repair.action() == Action.DELETE
                ? new Change(layout.table(), Operation.DELETE, key, null, null, origin)
                : new Change(layout.table(), Operation.UPSERT, key, null, row, origin);
    }

    /** Of the columns that are written only: columns that were not compared keep what they have. */
    private Layout layout(RepairChange repair) {
        Set<String> columns = repair.values().keySet();
        boolean delete = repair.action() == Action.DELETE;
        return layouts.computeIfAbsent(List.of(repair.table(), delete ? Set.of() : columns), key -> {
            Table table = catalog.table(repair.table()).orElseThrow();
            return new Layout(
                    delete
                            ? table
                            : new Table(
                                    table.name(),
                                    table.columns().stream()
                                            .filter(column -> columns.contains(column.name()))
                                            .toList(),
                                    table.primaryKey(),
                                    table.uniqueKeys(),
                                    table.replicaIdentity()));
        });
    }

    @Override
    public void close() {
        target.close();
    }
}
