package dev.godwit.verify.live;

import dev.godwit.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits until the consistent points of some domains have passed a position. */
public final class ConsistentPointWait {
    private static final Duration PAUSE_MIN = Duration.ofMillis(20);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(1);

    private final Database target;
    private final Set<String> domains;

    public ConsistentPointWait(Database target, Set<String> domains) {
        this.target = target;
        this.domains = Set.copyOf(domains);
    }

    /**
     * Returns when all points have passed, the time is up, or it shall stop.
     *
     * @param deadline as {@link System#nanoTime()} tells it
     * @return the lowest point as it was read last
     * @throws InterruptedException if the thread is interrupted
     */
    public ConsistentPoints.Point await(LogPosition position, long deadline, BooleanSupplier stop)
            throws SQLException, InterruptedException {
        Duration pause = PAUSE_MIN;
        while (true) {
            ConsistentPoints.Point point = ConsistentPoints.lowest(target, domains);
            long left = deadline - System.nanoTime();
            if (point.hasPassed(position) || left <= 0 || stop.getAsBoolean()) {
                return point;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(left, pause.toNanos()));
            pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
        }
    }
}
