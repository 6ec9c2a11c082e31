package dev.godwit.apply.immediate;

import dev.godwit.apply.ApplyConfig.Limits;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.assemble.Slicer;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.decode.Event;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.function.ToLongBiFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * Applies the events of one partition: reads them in the thread that calls {@link #accept}, writes them in one of its own.
 */
public final class PartitionApplier implements AutoCloseable {
    /** How often the ledger is told of records without changes. */
    private static final long NOTE_INTERVAL_NANOS = Duration.ofMillis(200).toNanos();

    private static final long WAIT_NANOS = Duration.ofMillis(100).toNanos();
    private static final Duration CLOSE_MAX = Duration.ofSeconds(15);

    private final Limits limits;
    private final ApplyStatistics statistics;
    private final PartitionReader reader;
    private final PartitionWriter writer;
    private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean closing;
    private volatile int rowsAside;
    private long notedAt = System.nanoTime();

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

    /**
     * Starts the thread.
     *
     * @param taken what the target has said when it was taken over
     */
    public PartitionApplier(
            Setting setting,
            PartitionTarget target,
            PartitionTarget.Taken taken,
            Limits limits,
            ApplyStatistics statistics) {
        this.limits = limits;
        this.statistics = statistics;
        long epoch = taken.state().epoch();
        this.reader = new PartitionReader(
                setting.slicer(),
                setting.changefeed(),
                setting.alone(),
                Records.read(epoch, taken.records()),
                this::enqueue);
        this.writer = new PartitionWriter(
                target,
                Records.read(epoch, taken.records()),
                taken.state().restartOffsets(),
                new Promises(setting.partitions(), taken.state().consistentPoint()),
                setting.changefeed() ? () -> null : setting.captured(),
                setting.reached(),
                setting.writeOrder(),
                setting.advanced(),
                statistics,
                new Aside(limits.retryTimeMax()));
        this.thread = new Thread(this::run, "godwit-writer " + setting.domain());
        thread.start();
    }

    /** Takes the next event; returns at once. */
    public void accept(Origin origin, Event event) {
        reader.accept(origin, event);
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

    /** Why the thread has stopped; null while all is well. */
    public Throwable failure() {
        return failure.get();
    }

    private void run() {
        try {
            while (!closing) {
                round();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.compareAndSet(null, e);
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private void round() throws InterruptedException {
        List<Item> batch =
                nextBatch(Math.min(WAIT_NANOS, Math.max(0, writer.aside().nanosLeft())));
        if (!batch.isEmpty()) {
            writer.apply(batch);
        }
        if (writer.aside().nanosLeft() <= 0) {
            writer.applyAside();
        }
        rowsAside = writer.aside().size();
        statistics.waitingRows(queue.size() + (long) rowsAside);
        if (System.nanoTime() - notedAt > NOTE_INTERVAL_NANOS) {
            notedAt = System.nanoTime();
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

    /** Finishes the target transaction that is being written. Waits a bounded time; the target is not closed. */
    @Override
    public void close() {
        closing = true;
        writer.stop();
        try {
            thread.join(CLOSE_MAX.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            thread.interrupt();
        }
    }
}
