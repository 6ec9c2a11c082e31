package dev.godwit.local.demo;

import dev.godwit.database.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends the transactions of each region to the side that owns it, as the router of a real application would. At first
 * the source owns all regions and all are open.
 *
 * <p>Cut-over of a region: {@link #stop}, then drain the replication, then {@link #open} on the other side.
 * Thread-safe.
 */
public final class TrafficRouter {
    private final Database source;
    private final Database target;
    private final Map<Region, RegionGate> gates = new EnumMap<>(Region.class);

    public TrafficRouter(Database source, Database target) {
        this.source = source;
        this.target = target;
        for (Region region : Region.values()) {
            gates.put(region, new RegionGate(region, Side.SOURCE, Clock.systemUTC()));
        }
    }

    /** How the application speaks to a side. */
    DemoSql sql(Side side) {
        return new DemoSql(source.product(), database(side).product());
    }

    /**
     * The right to run one transaction of a region on one side. Close it when the transaction has ended, either way.
     */
    public final class Admission implements AutoCloseable {
        private final Region region;
        private final Side side;
        private final AtomicBoolean left = new AtomicBoolean();

        private Admission(Region region, Side side) {
            this.region = region;
            this.side = side;
        }

        public Side side() {
            return side;
        }

        public Database database() {
            return TrafficRouter.this.database(side);
        }

        /** The commit has been acknowledged. */
        public void succeeded() {
            gate(region).succeeded();
        }

        /** Somebody waits for the region's traffic to end: finish or give up, but do not try again. */
        public boolean isStopping() {
            return !gate(region).isOpen();
        }

        /** Idempotent. */
        @Override
        public void close() {
            if (left.compareAndSet(false, true)) {
                gate(region).leave();
            }
        }
    }

    /** Never waits. Empty while the region is stopped. */
    public Optional<Admission> tryEnter(Region region) {
        return gate(region).tryEnter().map(side -> new Admission(region, side));
    }

    /**
     * Lets no new transaction of the region in and waits until those under way have ended. When this returns, no
     * transaction of the region is running or will commit. May run twice.
     *
     * @throws TimeoutException if some are still under way; the region stays stopped
     */
    public void stop(Region region, Duration timeout) throws InterruptedException, TimeoutException {
        gate(region).stop(timeout);
    }

    /**
     * Lets the region's transactions in, on this side from now on. Does nothing if that is so already.
     *
     * @throws IllegalStateException if the region would change sides without having been stopped
     */
    public void open(Region region, Side side) {
        gate(region).open(side);
    }

    /** The side that owns the region; while it is stopped, the last one that did. */
    public Side side(Region region) {
        return gate(region).side();
    }

    /** The database that owns the region. */
    public Database owner(Region region) {
        return database(side(region));
    }

    public Database database(Side side) {
        return switch (side) {
            case SOURCE -> source;
            case TARGET -> target;
        };
    }

    public boolean isOpen(Region region) {
        return gate(region).isOpen();
    }

    /**
     * Waits until the application has got through again after {@link #open}.
     *
     * @return the interruption that has just ended
     * @throws TimeoutException if no transaction succeeds in time
     * @throws IllegalStateException if the region was never stopped
     */
    public Downtime awaitDowntimeEnd(Region region, Duration timeout) throws InterruptedException, TimeoutException {
        return gate(region).awaitDowntimeEnd(timeout);
    }

    /** All interruptions of the region that are over, oldest first. */
    public List<Downtime> downtimes(Region region) {
        return gate(region).downtimes();
    }

    /**
     * The longest time between two successful transactions of the region, also where nobody stopped it. A paused
     * traffic counts too.
     */
    public Duration longestGap(Region region) {
        return gate(region).longestGap();
    }

    private RegionGate gate(Region region) {
        return gates.get(region);
    }
}
