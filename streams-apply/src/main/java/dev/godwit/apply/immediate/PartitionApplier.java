package dev.godwit.apply.immediate;

import dev.godwit.apply.ApplyConfig.Limits;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.SchemaChangedException;
import dev.godwit.apply.write.PartitionTarget;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Applies the events of one partition: reads them in the thread that calls {@link #accept}, writes them in one of its own.
 */
public final class PartitionApplier implements AutoCloseable {
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(15);

    private final PartitionLane lane;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Starts the thread.
     *
     * @param taken what the target has said when it was taken over
     */
    public PartitionApplier(
            PartitionLane.Setting setting,
            PartitionTarget target,
            PartitionTarget.Taken taken,
            Limits limits,
            ApplyStatistics statistics) {
        this.lane = new PartitionLane(setting, target, taken, limits, statistics, WriterTime.SYSTEM);
        this.thread = new Thread(this::run, "godwit-writer " + setting.domain());
        thread.start();
    }

    /** Takes the next event; returns at once. */
    public void accept(Origin origin, Event event) {
        lane.accept(origin, event);
    }

    /**
     * Takes a row that does not fit its table any more; returns at once.
     *
     * @throws SchemaChangedException {@code why}, if it is not known to be applied
     */
    public void acceptUnreadable(Origin origin, SchemaChangedException why) {
        lane.acceptUnreadable(origin, why);
    }

    /** Whether more waits to be written than the limits allow. */
    public boolean isFull() {
        return lane.isFull();
    }

    /** Why the thread has stopped; null while all is well. */
    public Throwable failure() {
        return failure.get();
    }

    private void run() {
        try {
            while (!closing) {
                lane.round(WAIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.compareAndSet(null, e);
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Finishes the target transaction that is being written. Waits a bounded time; the target is not closed. */
    @Override
    public void close() {
        closing = true;
        lane.stop();
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
