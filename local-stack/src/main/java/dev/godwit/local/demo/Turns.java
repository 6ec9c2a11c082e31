package dev.godwit.local.demo;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets the writers take their turns, holds them, and ends them. Thread-safe. */
final class Turns {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean paused;
    private boolean closed;
    private int taken;

    /**
     * Waits for the moment, and while the traffic is paused. The caller gives the turn back with {@link #end}.
     *
     * @param dueNanos by {@link System#nanoTime}
     * @return false if there is no turn any more: the writer has to end
     */
    boolean await(long dueNanos) throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                long left = dueNanos - System.nanoTime();
                if (paused) {
                    changed.await();
                } else if (left > 0) {
                    changed.awaitNanos(left);
                } else {
                    taken++;
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            taken--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits before the next attempt of a turn that goes on. @return false if the traffic is ending: do not try again
     */
    boolean backOff(Duration delay) throws InterruptedException {
        lock.lock();
        try {
            long left = delay.toNanos();
            while (left > 0 && !closed && !paused) {
                left = changed.awaitNanos(left);
            }
            return !closed && !paused;
        } finally {
            lock.unlock();
        }
    }

    /** Returns when nobody has a turn. */
    void pause(Duration timeout) throws InterruptedException, TimeoutException {
        lock.lock();
        try {
            paused = true;
            changed.signalAll();
            long left = timeout.toNanos();
            while (taken > 0) {
                if (left <= 0) {
                    throw new TimeoutException(
                            taken + " transactions are still under way after " + timeout.toMillis() + " ms");
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    void resume() {
        lock.lock();
        try {
            paused = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
