package dev.godwit.apply.immediate;

import dev.godwit.apply.ApplyConfig.Limits;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.assemble.Slicer;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.SchemaChangedException;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.apply.write.PartitionTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.ToLongBiFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * What becomes of the events of one partition: one thread reads them ({@link #accept}), another writes them, round after
 * round. {@link PartitionApplier} has that thread; a simulation has none.
 */
public final class PartitionLane {
    /** How often the ledger is told of records without changes. */
    private static final long NOTE_INTERVAL_NANOS = Duration.ofMillis(200).toNanos();

    private final Limits limits;
    private final ApplyStatistics statistics;
    private final WriterTime time;
    private final PartitionReader reader;
    private final PartitionWriter writer;
    private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private volatile int rowsAside;
    private long notedAt;

    /**
     * What a partition is applied with.
     *
     * @param changefeed whether the events are of a changefeed; else of Debezium
     * @param partitions the input
     * @param alone whether no other partition has changes of the same tables
     * @param captured null while nobody says how far everything is in Kafka; not asked for a changefeed
     * @param reached of a partition and the offset behind its last record: the first that may still hold something
     * @param writeOrder of changes of different tables
     * @param advanced is told every step that the ledger has made; its consistent point may be null
     */
    public record Setting(
            String domain,
            boolean changefeed,
            Collection<TopicPartition> partitions,
            boolean alone,
            Slicer slicer,
            Supplier<Captured> captured,
            ToLongBiFunction<TopicPartition, Long> reached,
            ToIntFunction<Change> writeOrder,
            Consumer<Progress> advanced) {}

    /** @param taken what the target has said when it was taken over */
    public PartitionLane(
            Setting setting,
            PartitionTarget target,
            PartitionTarget.Taken taken,
            Limits limits,
            ApplyStatistics statistics,
            WriterTime time) {
        this.limits = limits;
        this.statistics = statistics;
        this.time = time;
        this.notedAt = time.nanos();
        long epoch = taken.state().epoch();
        this.reader = new PartitionReader(
                setting.slicer(),
                setting.changefeed(),
                setting.alone(),
                Records.read(epoch, taken.records()),
                this::enqueue);
        Records records = Records.read(epoch, taken.records());
        this.writer = new PartitionWriter(
                target,
                records,
                taken.state().restartOffsets(),
                promises(setting, taken, records),
                setting.changefeed() ? () -> null : setting.captured(),
                setting.reached(),
                setting.writeOrder(),
                setting.advanced(),
                statistics,
                new Aside(limits.retryTimeMax(), time),
                time);
    }

    /** What a changefeed has promised to an earlier owner holds for this one, too. */
    private static Promises promises(Setting setting, PartitionTarget.Taken taken, Records records) {
        Promises promises = new Promises(setting.partitions(), taken.state().consistentPoint());
        if (setting.changefeed()) {
            for (TopicPartition partition : setting.partitions()) {
                Object seen = records.of(partition).seen();
                if (seen != null) {
                    promises.resolved(partition, Position.parse(seen.toString()));
                }
            }
        }
        return promises;
    }

    /** Takes the next event; returns at once. Of one thread. */
    public void accept(Origin origin, Event event) {
        reader.accept(origin, event);
    }

    /**
     * Takes a row that does not fit its table any more, which does not matter if it is applied.
     *
     * @throws SchemaChangedException {@code why}, if it is not, or if that cannot be told
     */
    public void acceptUnreadable(Origin origin, SchemaChangedException why) {
        reader.acceptUnreadable(origin, why);
    }

    private void enqueue(Item item) {
        queuedBytes.addAndGet(bytes(item));
        queue.add(item);
    }

    private static long bytes(Item item) {
        return item.change() == null ? 0 : item.change().bytes();
    }

    /** Whether more waits to be written than the limits allow. */
    public boolean isFull() {
        return queue.size() > limits.backlogRowsMax()
                || queuedBytes.get() > limits.backlogBytesMax()
                || rowsAside > limits.backlogRowsMax();
    }

    /**
     * Writes what has come, tries again what waits aside if it is time for that, and tells the ledger how far it is. Of one
     * thread.
     *
     * @param waitMax how long to wait for an event
     * @throws dev.godwit.apply.ApplyException if the partition cannot be applied any further; then there must be no other round
     */
    public void round(Duration waitMax) throws InterruptedException {
        List<Item> batch =
                nextBatch(Math.min(waitMax.toNanos(), Math.max(0, writer.aside().nanosLeft())));
        if (!batch.isEmpty()) {
            writer.apply(batch);
        }
        if (writer.aside().nanosLeft() <= 0) {
            writer.applyAside();
        }
        rowsAside = writer.aside().size();
        statistics.waitingRows(queue.size() + (long) rowsAside);
        if (time.nanos() - notedAt > NOTE_INTERVAL_NANOS) {
            notedAt = time.nanos();
            if (writer.isDirty()) {
                writer.note();
            }
        }
    }

    private List<Item> nextBatch(long nanosMax) throws InterruptedException {
        List<Item> batch = new ArrayList<>();
        Item first = queue.poll(nanosMax, TimeUnit.NANOSECONDS);
        long bytes = 0;
        for (Item item = first; item != null; item = queue.poll()) {
            batch.add(item);
            bytes += bytes(item);
            if (batch.size() >= limits.batchRowsMax() || bytes >= limits.batchBytesMax()) {
                break;
            }
        }
        queuedBytes.addAndGet(-bytes);
        return batch;
    }

    /** Whether events were read that no round has taken yet. */
    public boolean hasQueued() {
        return !queue.isEmpty();
    }

    /** The changes that a unique or foreign key has refused and that wait for other partitions, each row's in their order. */
    public List<Change> aside() {
        return writer.aside().items().stream().map(Item::change).toList();
    }

    /** Ends the waiting of a round; what it writes is finished. From any thread. */
    public void stop() {
        writer.stop();
    }
}
