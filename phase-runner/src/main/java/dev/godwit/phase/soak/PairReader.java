package dev.godwit.phase.soak;

import dev.godwit.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Reads all pairs on the target again and again, each time in one statement, and notes what may never be seen. */
final class PairReader implements AutoCloseable {
    private static final long PAUSE_MS = 5;
    private static final int VIOLATIONS_KEPT = 20;

    private final Database target;
    private final boolean wholePairs;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "soak-pair-reader");
    private final Map<Integer, Long> newest = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final AtomicLong reads = new AtomicLong();

    private PairReader(Database target, boolean wholePairs) {
        this.target = target;
        this.wholePairs = wholePairs;
    }

    /** @param wholePairs whether both rows of a pair have to change at once */
    static PairReader start(Database target, boolean wholePairs) {
        PairReader reader = new PairReader(target, wholePairs);
        reader.thread.start();
        return reader;
    }

    private void run() {
        boolean goesOn = true;
        while (goesOn) {
            try (Connection connection = target.open();
                    Statement statement = connection.createStatement()) {
                do {
                    read(statement);
                    goesOn = !closing.await(PAUSE_MS, TimeUnit.MILLISECONDS);
                } while (goesOn);
            } catch (SQLException e) {
                goesOn = awaitTarget();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** The target is down, as it often is here. @return whether to go on */
    private boolean awaitTarget() {
        try {
            return !closing.await(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void read(Statement statement) throws SQLException {
        Map<Integer, Long> seen = new HashMap<>();
        try (ResultSet row = statement.executeQuery("SELECT id, version FROM " + PairTable.NAME)) {
            while (row.next()) {
                seen.put(row.getInt(1), row.getLong(2));
            }
        }
        reads.incrementAndGet();
        seen.forEach((id, version) -> {
            Long before = newest.put(id, version);
            if (before != null && before > version) {
                violated("row " + id + " went back from version " + before + " to " + version);
            }
        });
        for (int first = 0; wholePairs && first < 2 * PairTable.PAIRS; first += 2) {
            Long one = seen.get(first);
            Long other = seen.get(first + 1);
            if (one == null ? other != null : !one.equals(other)) {
                violated("the pair " + first + " was seen in part: versions " + one + " and " + other);
            }
        }
    }

    private synchronized void violated(String what) {
        if (violations.size() < VIOLATIONS_KEPT) {
            violations.add(what);
        }
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    long reads() {
        return reads.get();
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
