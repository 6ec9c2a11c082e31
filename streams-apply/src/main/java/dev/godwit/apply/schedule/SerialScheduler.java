package dev.godwit.apply.schedule;

import dev.godwit.apply.assemble.RestartOffsets;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.ledger.Progress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Runs a {@link SerialLane} in two threads: one writes, the other moves the consistent point, so that writing never
 * waits for that.
 */
public final class SerialScheduler implements Scheduler {
    /** The consistent point moves at most this often. */
    private static final long ADVANCE_INTERVAL_MS = 50;

    /** How often a waiting thread looks whether it should end. */
    private static final long WAIT_MS = 200;

    private static final Duration CLOSE_MAX = Duration.ofSeconds(15);

    private final SerialLane lane;
    private final Consumer<Progress> advanced;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread writer;
    private final Thread keeper;

    /**
     * Starts the threads.
     *
     * @param advanced is told every step that the ledger has made, from the keeper's thread
     */
    public SerialScheduler(String domain, SerialLane lane, Consumer<Progress> advanced) {
        this.lane = lane;
        this.advanced = advanced;
        this.writer = new Thread(() -> run(this::write), "godwit-lane-1 " + domain);
        this.keeper = new Thread(() -> run(this::advance), "godwit-keeper " + domain);
        writer.start();
        keeper.start();
    }

    @Override
    public void release(Transaction transaction, RestartOffsets.Holder holder) {
        lane.release(transaction, holder);
    }

    @Override
    public boolean isFull() {
        return lane.isFull();
    }

    @Override
    public Throwable failure() {
        return failure.get();
    }

    /** A thread's whole life. */
    private interface Life {
        void live() throws InterruptedException;
    }

    private void run(Life life) {
        try {
            life.live();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.compareAndSet(null, e);
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void write() throws InterruptedException {
        while (failure.get() == null && !isClosing()) {
            if (!lane.writeNext()) {
                lane.awaitWork(WAIT_MS);
            }
        }
    }

    private void advance() throws InterruptedException {
        boolean lastRound = false;
        while (failure.get() == null && !lastRound) {
            lastRound = isClosing() && !writer.isAlive(); // one more round, for what the writer has written last
            Progress progress = lane.advanceNext();
            if (progress == null) {
                lane.awaitApplied(isClosing() ? 10 : WAIT_MS);
            } else {
                advanced.accept(progress);
                lastRound &= closing.await(ADVANCE_INTERVAL_MS, TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
        long deadline = System.nanoTime() + CLOSE_MAX.toNanos();
        join(writer, deadline);
        join(keeper, deadline);
    }

    private static void join(Thread thread, long deadline) {
        try {
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000L));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            thread.interrupt();
        }
    }
}
