package dev.godwit.local.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Who may write a region, and since when nobody could. Thread-safe. */
final class RegionGate {
    private final Region region;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Downtime> downtimes = new ArrayList<>();
    private Side side;
    private boolean open = true;
    private int inFlight;
    private Moment lastSuccess;
    private Outage outage;
    private Duration longestGap = Duration.ZERO;

    RegionGate(Region region, Side side, Clock clock) {
        this.region = region;
        this.side = side;
        this.clock = clock;
    }

    /** Durations by {@code nanos}, which never jumps. */
    private record Moment(long nanos, Instant instant) {}

    private record Outage(Side before, Moment began) {}

    Optional<Side> tryEnter() {
        lock.lock();
        try {
            if (!open) {
                return Optional.empty();
            }
            inFlight++;
            return Optional.of(side);
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            inFlight--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void succeeded() {
        lock.lock();
        try {
            Moment now = now();
            if (lastSuccess != null) {
                Duration gap = between(lastSuccess, now);
                longestGap = gap.compareTo(longestGap) > 0 ? gap : longestGap;
            }
            // Those that were under way at the stop still belong to the time before it.
            if (open && outage != null) {
                Moment began = lastSuccess == null ? outage.began : lastSuccess;
                downtimes.add(
                        new Downtime(region, outage.before, side, began.instant, now.instant, between(began, now)));
                outage = null;
            }
            lastSuccess = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Moment now() {
        return new Moment(System.nanoTime(), clock.instant());
    }

    private static Duration between(Moment from, Moment to) {
        return Duration.ofNanos(to.nanos - from.nanos);
    }

    void stop(Duration timeout) throws InterruptedException, TimeoutException {
        lock.lock();
        try {
            if (open) {
                open = false;
                // Stopped again before any transaction got through: still the same outage for the application.
                outage = outage == null ? new Outage(side, now()) : outage;
            }
            long left = timeout.toNanos();
            while (inFlight > 0) {
                if (left <= 0) {
                    throw new TimeoutException("the traffic of " + region + " is stopped, but " + inFlight
                            + " transactions are still under way after " + timeout.toMillis() + " ms");
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    void open(Side newSide) {
        lock.lock();
        try {
            if (newSide != side && (open || inFlight > 0)) {
                throw new IllegalStateException("the traffic of " + region + " is on the " + side
                        + " and not stopped: two sides would be written at once");
            }
            side = newSide;
            open = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Downtime awaitDowntimeEnd(Duration timeout) throws InterruptedException, TimeoutException {
        lock.lock();
        try {
            long left = timeout.toNanos();
            while (outage != null) {
                if (left <= 0) {
                    throw new TimeoutException("no transaction of " + region + " got through on the " + side
                            + " within " + timeout.toMillis() + " ms");
                }
                left = changed.awaitNanos(left);
            }
            if (downtimes.isEmpty()) {
                throw new IllegalStateException("the traffic of " + region + " was never stopped");
            }
            return downtimes.get(downtimes.size() - 1);
        } finally {
            lock.unlock();
        }
    }

    Side side() {
        lock.lock();
        try {
            return side;
        } finally {
            lock.unlock();
        }
    }

    boolean isOpen() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    List<Downtime> downtimes() {
        lock.lock();
        try {
            return List.copyOf(downtimes);
        } finally {
            lock.unlock();
        }
    }

    Duration longestGap() {
        lock.lock();
        try {
            return longestGap;
        } finally {
            lock.unlock();
        }
    }
}
