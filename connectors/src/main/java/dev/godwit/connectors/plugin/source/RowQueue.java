package dev.godwit.connectors.plugin.source;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Between the thread that reads and the one that hands on, bounded in bytes. */
final class RowQueue {
    private final long bytesMax;
    private final Deque<FeedRow> rows = new ArrayDeque<>();
    private long bytes;
    private boolean ended;

    RowQueue(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Waits while the queue is full; a single row may be larger than the bound. */
    synchronized void put(FeedRow row) throws InterruptedException {
        while (!rows.isEmpty() && bytes + row.bytes() > bytesMax) {
            wait();
        }
        rows.add(row);
        bytes += row.bytes();
        notifyAll();
    }

    /** No more rows will come: those who wait for some stop waiting. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** @return empty if nothing came in time */
    synchronized List<FeedRow> take(int rowsMax, Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (rows.isEmpty() && !ended) {
            long left = (deadline - System.nanoTime()) / 1_000_000L;
            if (left <= 0) {
                return List.of();
            }
            wait(left);
        }
        List<FeedRow> taken = new ArrayList<>(Math.min(rowsMax, rows.size()));
        while (taken.size() < rowsMax && !rows.isEmpty()) {
            FeedRow row = rows.poll();
            bytes -= row.bytes();
            taken.add(row);
        }
        notifyAll();
        return taken;
    }

    synchronized boolean isEmpty() {
        return rows.isEmpty();
    }

    synchronized long bytes() {
        return bytes;
    }
}
