package dev.godwit.apply.immediate;

import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.ledger.PartitionLedger;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.apply.write.PartitionTarget;
import dev.godwit.apply.write.RefusedByConstraintException;
import dev.godwit.database.dialect.FailureClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.ToLongBiFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes the items of one partition: as many as there are in one target transaction; where a foreign key refuses that, without
 * the rows that wait for parents or children of other partitions; where a unique or foreign key refuses it even so, table by
 * table, and at last what can be written without the rows that are refused. Those wait aside, with all later changes of the
 * same rows, and are tried again. Every target transaction notes exactly which records are in. Used by one thread.
 */
final class PartitionWriter {
    /** So long a refused table is tried again before its rows go aside: mostly another partition is about as far. */
    private static final Duration PATIENCE = Duration.ofMillis(20);

    private static final long PAUSE_MIN_MS = 2;
    private static final long PAUSE_MAX_MS = 50;
    /** After a refusal so many batches are written table by table at once. */
    private static final int BATCHES_IN_PARTS = 50;

    private final PartitionTarget target;
    private final Records records;
    private final Map<TopicPartition, Long> restartOffsets;
    private final Map<TopicPartition, Long> needed = new HashMap<>();
    private final Promises promises;
    private final Supplier<Captured> captured;
    private final ToLongBiFunction<TopicPartition, Long> reached;
    private final ToIntFunction<Change> writeOrder;
    private final Consumer<Progress> advanced;
    private final ApplyStatistics statistics;
    private final Aside aside;
    private final WriterTime time;
    private String marker;
    private boolean dirty;
    private int batchesInParts;
    /** Why the target has refused the last rows; null if it has taken them. */
    private RefusedByConstraintException refusal;
    /** Whether rows were put aside because they wait for parents or children. */
    private boolean heldUp;

    private volatile boolean stopped;

    /**
     * @param records of the ledger
     * @param restartOffsets of the ledger
     * @param captured null while nobody says it
     * @param reached of a partition and the offset behind its last record: the first that may still hold something
     * @param writeOrder of changes of different tables
     * @param advanced is told every step that the ledger has made
     */
    PartitionWriter(
            PartitionTarget target,
            Records records,
            Map<TopicPartition, Long> restartOffsets,
            Promises promises,
            Supplier<Captured> captured,
            ToLongBiFunction<TopicPartition, Long> reached,
            ToIntFunction<Change> writeOrder,
            Consumer<Progress> advanced,
            ApplyStatistics statistics,
            Aside aside,
            WriterTime time) {
        this.target = target;
        this.records = records;
        this.restartOffsets = new HashMap<>(restartOffsets);
        this.promises = promises;
        this.captured = captured;
        this.reached = reached;
        this.writeOrder = writeOrder;
        this.advanced = advanced;
        this.statistics = statistics;
        this.aside = aside;
        this.time = time;
    }

    /** What is begun is finished; refused rows are not tried again. From any thread. */
    void stop() {
        stopped = true;
    }

    Aside aside() {
        return aside;
    }

    /** Whether there is something that the ledger does not know yet. */
    boolean isDirty() {
        return dirty || step(aside.items()) != null;
    }

    /** Writes them, or puts them aside; durable on return, but for items without changes. */
    void apply(List<Item> batch) {
        records.readUpTo(batch);
        dirty = true;
        List<List<Item>> rows = new ArrayList<>();
        Map<Item.RowKey, List<Item>> byKey = new HashMap<>();
        for (Item item : batch) {
            needed.put(item.partition(), item.needed());
            if (item.resolved()) {
                promises.resolved(item.partition(), item.position());
            }
            if (item.marker() != null) {
                String marked = records.marked(item.marker(), item.position());
                marker = marked == null ? marker : marked;
            }
            if (item.change() != null && !aside.addBehind(item)) {
                byKey.computeIfAbsent(item.rowKey(), key -> {
                            List<Item> items = new ArrayList<>(2);
                            rows.add(items);
                            return items;
                        })
                        .add(item);
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        if (batchesInParts > 0) {
            batchesInParts--;
            writeInParts(rows, PATIENCE, false);
        } else {
            writeInParts(writtenButForHeldUp(rows), PATIENCE, false);
        }
    }

    /**
     * Writes all rows by one target transaction, but those that wait for parents or children: they go aside, for another
     * partition has these still before it.
     *
     * @return what is neither written nor aside; empty mostly
     */
    private List<List<Item>> writtenButForHeldUp(List<List<Item>> rows) {
        List<List<Item>> left = rows;
        while (!left.isEmpty() && !isWritten(left, List.of())) {
            RefusedByConstraintException why = refusal;
            List<List<Item>> others = new ArrayList<>();
            for (List<Item> row : left) {
                if (isHeldUp(why, row)) {
                    aside.put(row);
                } else {
                    others.add(row);
                }
            }
            if (others.size() == left.size()) {
                return left;
            }
            heldUp = true;
            left = others;
        }
        return List.of();
    }

    private static boolean isHeldUp(RefusedByConstraintException why, List<Item> row) {
        Change change = row.get(0).change();
        return why.isHeldUp(change.table().name(), change.key());
    }

    /** Tries again what waits aside. */
    void applyAside() {
        boolean late = aside.isLate();
        List<List<Item>> rows = aside.take();
        if (heldUp && !late) {
            heldUp = false;
            rows = writtenButForHeldUp(rows);
        }
        // Rows of several parts may need each other, as those do that refer to each other.
        if (!late || !isWritten(rows, List.of())) {
            writeInParts(rows, Duration.ZERO, late);
        }
        aside.tried();
    }

    /** Tells the ledger what it does not know yet. */
    void note() {
        write(List.of(), List.of());
    }

    /** @param split whether to look for the rows that can be written without those that are refused */
    private void writeInParts(List<List<Item>> rows, Duration patience, boolean split) {
        Parts parts = Parts.byOrder(rows, writeOrder);
        long deadline = time.nanos() + patience.toNanos();
        long pause = PAUSE_MIN_MS;
        while (!parts.isEmpty() && !stopped) {
            if (parts.writeEach(this::isWritten)) {
                pause = PAUSE_MIN_MS;
            } else if (time.nanos() < deadline) {
                time.sleep(pause);
                pause = Math.min(PAUSE_MAX_MS, 2 * pause);
            } else if (split) {
                parts.split(this::isWritten, aside::put);
            } else {
                break;
            }
        }
        // Whoever owns the partition next finds what is left in the ledger, or has not heard of it.
        parts.rest().forEach(aside::put);
    }

    /** @return false if a unique or foreign key has refused them; then nothing is written */
    private boolean isWritten(List<List<Item>> rows, List<List<Item>> others) {
        try {
            write(rows, others);
            rows.forEach(aside::forget);
            refusal = null;
            return true;
        } catch (RefusedByConstraintException e) {
            refusal = e;
            if (!e.hasHeldUp()) {
                batchesInParts = BATCHES_IN_PARTS;
            }
            aside.refused(e);
            statistics.retried(FailureClass.RETRY_AFTER_EARLIER);
            return false;
        }
    }

    /** @param others are read and not in, beside those that wait aside */
    private void write(List<List<Item>> rows, List<List<Item>> others) {
        List<Item> waiting = new ArrayList<>(aside.items());
        others.forEach(waiting::addAll);
        List<Change> changes = new ArrayList<>();
        rows.forEach(row -> row.forEach(item -> changes.add(item.change())));
        Promises.Step step = step(waiting);
        Progress progress = new Progress(
                step == null ? null : step.point(),
                step == null ? null : step.committedAt(),
                marker,
                offsets(waiting),
                List.of());
        long start = statistics.laneUse().began();
        try {
            target.write(changes, new PartitionLedger.Entry(progress, records.text(waiting)));
        } finally {
            statistics.laneUse().ended(start);
        }
        restartOffsets.putAll(progress.restartOffsets());
        dirty = false;
        marker = null;
        if (step != null) {
            promises.moved(step);
            statistics.advanced(progress);
        }
        statistics.appliedRows(changes);
        advanced.accept(progress);
    }

    /** Null while the consistent point stays where it is. */
    private Promises.Step step(List<Item> waiting) {
        return records.owes() ? null : promises.step(captured.get(), this::reached, waiting);
    }

    private long next(TopicPartition partition) {
        return records.of(partition).next();
    }

    private long reached(TopicPartition partition) {
        return reached.applyAsLong(partition, next(partition));
    }

    /** Never behind those of the ledger, which Kafka's committed offsets follow. */
    private Map<TopicPartition, Long> offsets(List<Item> waiting) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        needed.forEach((partition, first) -> offsets.put(partition, Math.min(first, next(partition))));
        waiting.forEach(item -> offsets.merge(item.partition(), item.offset(), Math::min));
        restartOffsets.forEach((partition, offset) -> offsets.merge(partition, offset, Math::max));
        return offsets;
    }
}
