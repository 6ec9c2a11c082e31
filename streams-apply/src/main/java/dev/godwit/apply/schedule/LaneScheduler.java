package dev.godwit.apply.schedule;

import dev.godwit.apply.assemble.RestartOffsets;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.ledger.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Runs {@link Lanes}: a thread for each lane, and one that moves the consistent point, so that writing never waits for
 * that.
 */
public final class LaneScheduler implements Scheduler {
    /** The consistent point moves at most this often. */
    private static final long ADVANCE_INTERVAL_MS = 50;

    /** How often a waiting thread looks whether it should end. */
    private static final long WAIT_MS = 200;

    private static final Duration CLOSE_MAX = Duration.ofSeconds(15);

    private final Lanes lanes;
    private final Consumer<Progress> advanced;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Thread> writers = new ArrayList<>();
    private final Thread keeper;

    /**
     * Starts the threads.
     *
     * @param advanced is told every step that the ledger has made, from the keeper's thread
     */
    public LaneScheduler(String domain, Lanes lanes, Consumer<Progress> advanced) {
        this.lanes = lanes;
        this.advanced = advanced;
        for (int i = 0; i < lanes.count(); i++) {
            int lane = i;
            writers.add(new Thread(() -> run(() -> write(lane)), "godwit-lane-" + (i + 1) + " " + domain));
        }
        this.keeper = new Thread(() -> run(this::advance), "godwit-keeper " + domain);
        writers.forEach(Thread::start);
        keeper.start();
    }

    @Override
    public void release(Transaction transaction, RestartOffsets.Holder holder) {
        lanes.release(transaction, holder);
    }

    @Override
    public boolean isFull() {
        return lanes.isFull();
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

    private void write(int lane) throws InterruptedException {
        while (failure.get() == null && !isClosing()) {
            Lanes.Work work = lanes.take(lane, WAIT_MS);
            if (work != null) {
                work.write();
            }
        }
    }

    private void advance() throws InterruptedException {
        boolean lastRound = false;
        while (failure.get() == null && !lastRound) {
            // one more round, for what the writers have written last
            lastRound = isClosing() && writers.stream().noneMatch(Thread::isAlive);
            Progress progress = lanes.advanceNext();
            if (progress == null) {
                lanes.awaitApplied(isClosing() ? 10 : WAIT_MS);
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
        writers.forEach(writer -> join(writer, deadline));
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
