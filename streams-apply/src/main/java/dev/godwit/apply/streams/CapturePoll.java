package dev.godwit.apply.streams;

import dev.godwit.apply.CapturedPoint;
import dev.godwit.apply.immediate.Captured;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks, in a thread of its own, up to where everything is in Kafka, and then where the partitions end. What is before those
 * ends holds all that was committed before that place.
 */
final class CapturePoll implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CapturePoll.class);
    private static final long INTERVAL_MIN_MS = 500;
    /**
     * So many times as long as the answer took is the pause behind it. For each question a Connect worker with exactly-once
     * sources makes a consumer of its own and reads its topic of offsets from the beginning: the applier must not keep it busy.
     */
    private static final long PAUSE_FACTOR = 5;

    private static final long PAUSE_MAX_MS = 30_000;

    private final CapturedPoint.Source source;
    private final Supplier<Map<TopicPartition, Long>> ends;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile Captured latest;

    /** @param ends where all input partitions end */
    CapturePoll(String direction, CapturedPoint.Source source, Supplier<Map<TopicPartition, Long>> ends) {
        this.source = source;
        this.ends = ends;
        this.thread = new Thread(this::run, "godwit-capture " + direction);
        thread.setDaemon(true);
        if (source != CapturedPoint.Source.NONE) {
            thread.start();
        }
    }

    /** Null while it is not known. */
    Captured latest() {
        return latest;
    }

    private void run() {
        try {
            long pause;
            do {
                long asked = System.nanoTime();
                try {
                    Optional<CapturedPoint> point = source.read();
                    if (point.isPresent()
                            && (latest == null
                                    || !latest.point().equals(point.get().position()))) {
                        latest =
                                new Captured(point.get().position(), point.get().committedAt(), ends.get());
                    }
                } catch (RuntimeException e) {
                    LOG.info("it is not known how far everything is in Kafka: {}", e.getMessage());
                }
                long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
                pause = Math.min(PAUSE_MAX_MS, Math.max(INTERVAL_MIN_MS, PAUSE_FACTOR * took));
            } while (!closing.await(pause, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
