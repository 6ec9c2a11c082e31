package dev.godwit.connectors.plugin.source;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the task has done, over JMX: {@code dev.godwit:type=changefeed-source,connector="NAME"}. Works with every version of Connect. */
final class FeedMetrics implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FeedMetrics.class);

    final AtomicLong rows = new AtomicLong();
    final AtomicLong resolvedMessages = new AtomicLong();
    final AtomicLong connections = new AtomicLong();
    private volatile FeedPosition position;
    private final LongSupplier queuedBytes;
    private final ObjectName name;

    /** The attributes. */
    public interface Attributes {
        /** Row messages handed to Connect. */
        long getRows();

        /** Resolved messages of the feed, not counting that each goes to every partition. */
        long getResolvedMessages();

        /** How often the feed was begun, the first time included. */
        long getConnections();

        /** Bytes that wait for Kafka. */
        long getQueuedBytes();

        /** Up to where the feed is complete; empty before the first resolved message. */
        String getResolved();

        /** How far that is behind the clock of this machine, in milliseconds; -1 before the first. */
        long getLagMillis();
    }

    FeedMetrics(String connector, LongSupplier queuedBytes) {
        this.queuedBytes = queuedBytes;
        this.name = register(connector);
    }

    private ObjectName register(String connector) {
        try {
            ObjectName own =
                    new ObjectName("dev.godwit:type=changefeed-source,connector=" + ObjectName.quote(connector));
            var server = ManagementFactory.getPlatformMBeanServer();
            if (server.isRegistered(own)) {
                server.unregisterMBean(own); // of a task that was abandoned while it hung
            }
            server.registerMBean(new StandardMBean(new Values(), Attributes.class), own);
            return own;
        } catch (JMException e) {
            log.warn("no metrics for {}", connector, e);
            return null;
        }
    }

    void position(FeedPosition resolved) {
        position = resolved;
    }

    private final class Values implements Attributes {
        @Override
        public long getRows() {
            return rows.get();
        }

        @Override
        public long getResolvedMessages() {
            return resolvedMessages.get();
        }

        @Override
        public long getConnections() {
            return connections.get();
        }

        @Override
        public long getQueuedBytes() {
            return queuedBytes.getAsLong();
        }

        @Override
        public String getResolved() {
            return position == null ? "" : position.toString();
        }

        @Override
        public long getLagMillis() {
            return position == null ? -1 : Math.max(0, System.currentTimeMillis() - position.nanos() / 1_000_000L);
        }
    }

    @Override
    public void close() {
        if (name == null) {
            return;
        }
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        } catch (JMException e) {
            log.debug("metrics {} are gone already", name, e);
        }
    }
}
