package dev.godwit.local.demo;

import dev.godwit.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The live traffic of an application for all regions, in background threads: orders with items and payments, staff
 * that comes and goes, unique values that change owners, primary keys that change, large values, reads. Every
 * transaction goes to the side that the {@link TrafficRouter} says; the turns of a stopped region are passed over.
 *
 * <p>Each transaction adds a row with its writer's next number to {@code audit_log}, so that {@link LostWriteCheck}
 * can tell afterwards whether everything that the application was told is in, is in. Serialization failures are
 * retried, and so are lost connections: where the connection broke during the commit, the number decides whether it
 * had got in.
 *
 * <p>Only one traffic at a time may run for a region, since its ids are made here. Thread-safe.
 */
public final class Traffic implements AutoCloseable {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(20);

    private final Turns turns = new Turns();
    private final Map<Region, RegionCounter> counters = new EnumMap<>(Region.class);
    private final Map<Region, List<WriterSequence>> sequences = new EnumMap<>(Region.class);
    private final List<TrafficWriter> writers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private Traffic() {}

    /**
     * Starts it. Continues behind what the owners of the regions have in their tables, so it may be started again
     * after {@link #close}.
     *
     * @throws SQLException if an owner's tables cannot be read; nothing runs then
     */
    public static Traffic start(TrafficRouter router, TrafficSettings settings) throws SQLException {
        Traffic traffic = new Traffic();
        TrafficIds ids = new TrafficIds();
        for (Region region : Region.values()) {
            traffic.counters.put(region, new RegionCounter());
            ids.continueFrom(router.owner(region), region);
            Map<Integer, Long> last = lastNumbers(router.owner(region), region);
            List<WriterSequence> ofRegion = new ArrayList<>();
            for (int writer = 1; writer <= settings.writers(); writer++) {
                ofRegion.add(new WriterSequence(region, writer, last.getOrDefault(writer, 0L)));
            }
            traffic.sequences.put(region, List.copyOf(ofRegion));
        }
        for (int writer = 1; writer <= settings.writers(); writer++) {
            traffic.startWriter(router, settings, ids, writer);
        }
        return traffic;
    }

    private static Map<Integer, Long> lastNumbers(Database owner, Region region) throws SQLException {
        Map<Integer, Long> last = new HashMap<>();
        try (Connection connection = owner.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT writer, max(seq) FROM migration_schema.audit_log WHERE region = ? GROUP BY writer")) {
            statement.setString(1, region.code());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    last.put(row.getInt(1), row.getLong(2));
                }
            }
        }
        return last;
    }

    private void startWriter(TrafficRouter router, TrafficSettings settings, TrafficIds ids, int number) {
        Map<Region, WriterSequence> own = new EnumMap<>(Region.class);
        sequences.forEach((region, all) -> own.put(region, all.get(number - 1)));
        TrafficWriter writer = new TrafficWriter(
                router,
                turns,
                new Dice(settings.seed(), number),
                ids,
                own,
                counters,
                settings.transactionsPerSecond() / settings.writers());
        Thread thread = new Thread(writer, "demo-traffic-" + number);
        thread.setDaemon(true);
        writers.add(writer);
        threads.add(thread);
        thread.start();
    }

    /**
     * Holds the traffic of all regions; returns when no transaction is under way. For one region use {@link
     * TrafficRouter#stop}. Idempotent.
     *
     * @throws TimeoutException if some do not end within twenty seconds; no new ones begin
     */
    public void pause() throws InterruptedException, TimeoutException {
        turns.pause(ENDS_WITHIN);
    }

    /** Lets it run again after {@link #pause}. Idempotent. */
    public void resume() {
        turns.resume();
    }

    public RegionCounts counts(Region region) {
        return counters.get(region).counts();
    }

    /** Of all regions together. */
    public RegionCounts counts() {
        RegionCounts all = RegionCounts.NONE;
        for (Region region : Region.values()) {
            all = all.plus(counts(region));
        }
        return all;
    }

    List<WriterSequence> sequences(Region region) {
        return sequences.get(region);
    }

    /**
     * Ends the traffic: transactions under way end first, for at most twenty seconds; then their connections are
     * broken. No thread and no connection is left. Counts stay. Idempotent.
     */
    @Override
    public void close() {
        turns.close();
        if (!joinAll()) {
            writers.forEach(TrafficWriter::abort);
            threads.forEach(Thread::interrupt);
            joinAll();
        }
    }

    /** @return whether all have ended in time */
    private boolean joinAll() {
        long deadline = System.nanoTime() + ENDS_WITHIN.toNanos();
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive() && System.nanoTime() < deadline) {
                try {
                    TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1_000_000, deadline - System.nanoTime()));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }
}
