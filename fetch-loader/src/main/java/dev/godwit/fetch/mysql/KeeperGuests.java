package dev.godwit.fetch.mysql;

import java.util.concurrent.TimeUnit;

/** Which loader reads from a keeper: one at a time, by several connections. Thread-safe. */
final class KeeperGuests {
    private final long keepNanos;
    private String loader = "";
    private int connections;
    private long leftAtNanos = System.nanoTime();

    KeeperGuests(long keepMs) {
        this.keepNanos = TimeUnit.MILLISECONDS.toNanos(keepMs);
    }

    /** @return false if another loader is there */
    synchronized boolean enter(String name) {
        if (connections > 0 && !loader.equals(name)) {
            return false;
        }
        loader = name;
        connections++;
        return true;
    }

    synchronized void leave() {
        connections--;
        leftAtNanos = System.nanoTime();
    }

    /** Whether the last loader has left long ago. */
    synchronized boolean nobodyComes() {
        return connections == 0 && System.nanoTime() - leftAtNanos > keepNanos;
    }
}
