package dev.godwit.connectors.plugin.source;

import dev.godwit.connectors.plugin.wire.WireSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one task of {@link CockroachChangefeedSource}. Connect calls it from one thread, but for {@link #stop}.
 *
 * <p>A connection that is lost is opened anew here, at the next node, from the last resolved timestamp: rows after it come
 * again, as changefeeds repeat rows anyway. A task that was killed begins at the last timestamp that Connect has stored.
 */
public final class ChangefeedSourceTask extends SourceTask {
    private static final Logger log = LoggerFactory.getLogger(ChangefeedSourceTask.class);
    private static final Duration WAITS = Duration.ofMillis(500);
    private static final int BACKOFF_GROWTH_MAX = 10;

    private SourceConfig config;
    private String name;
    private FeedRecords records;
    private FeedMetrics metrics;
    private volatile FeedReader reader;
    private volatile boolean stopped;
    private int attempts;
    private int node;
    private long waitUntilNanos;
    /** With transaction.boundary=connector: whether messages have been handed on since the last resolved timestamp. */
    private boolean transactionOpen;

    private boolean abortTransaction;

    @Override
    public String version() {
        return CockroachChangefeedSource.VERSION;
    }

    @Override
    public void start(Map<String, String> properties) {
        config = new SourceConfig(properties);
        name = properties.getOrDefault("name", "changefeed");
        Map<String, String> source = CockroachChangefeedSource.sourcePartition(name);
        Map<String, Object> stored = context.offsetStorageReader().offset(source);
        FeedPosition position =
                stored == null ? config.cursor() : FeedPosition.parse(String.valueOf(stored.get(FeedPosition.OFFSET)));
        log.info("{} continues after {}{}", name, position, stored == null ? ", its cursor: no offset is stored" : "");
        records = new FeedRecords(config, source, position);
        waitUntilNanos = System.nanoTime();
        metrics = new FeedMetrics(name, () -> {
            FeedReader current = reader;
            return current == null ? 0 : current.queuedBytes();
        });
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        if (abortTransaction) {
            // The new feed sends these messages again: whoever reads committed ones shall see them once.
            abortTransaction = false;
            transactionOpen = false;
            context.transactionContext().abortTransaction();
            return List.of();
        }
        FeedReader current = reader;
        if (current == null) {
            connect();
            return null;
        }
        List<FeedRow> rows = current.take(config.getInt(SourceConfig.POLL_ROWS_MAX), WAITS);
        if (rows.isEmpty()) {
            current.failure().ifPresent(this::handle);
            return null;
        }
        attempts = 0;
        return converted(rows);
    }

    private List<SourceRecord> converted(List<FeedRow> rows) {
        List<SourceRecord> converted = new ArrayList<>(rows.size());
        for (FeedRow row : rows) {
            List<SourceRecord> messages;
            try {
                messages = records.of(row);
            } catch (IllegalArgumentException e) {
                throw new ConnectException(name + ": " + e.getMessage(), e);
            }
            converted.addAll(messages);
            if (row.isResolved()) {
                metrics.resolvedMessages.incrementAndGet();
                metrics.position(records.position());
                commitTransaction(messages);
            } else {
                metrics.rows.incrementAndGet();
                transactionOpen = true;
            }
        }
        return converted;
    }

    /** With transaction.boundary=connector a Kafka transaction is what lies between two resolved timestamps. */
    private void commitTransaction(List<SourceRecord> resolved) {
        if (context.transactionContext() != null) {
            context.transactionContext().commitTransaction(resolved.get(resolved.size() - 1));
            transactionOpen = false;
        }
    }

    private void connect() throws InterruptedException {
        long waitMs = (waitUntilNanos - System.nanoTime()) / 1_000_000L;
        if (waitMs > 0) {
            Thread.sleep(Math.min(waitMs, WAITS.toMillis())); // Connect wants poll to return now and then
            return;
        }
        List<WireSettings.Node> nodes = config.nodes();
        WireSettings.Node next = nodes.get(node++ % nodes.size());
        try {
            FeedReader started = FeedReader.start(config, next, records.position(), name);
            reader = started;
            metrics.connections.incrementAndGet();
            log.info("{} reads from {} after {}", name, next, records.position());
            if (stopped) {
                started.close();
            }
        } catch (IOException | RuntimeException e) {
            handle(e);
        }
    }

    private void handle(Exception failure) {
        FeedReader broken = reader;
        reader = null;
        if (broken != null) {
            broken.close();
        }
        if (stopped) {
            return;
        }
        abortTransaction = transactionOpen && context.transactionContext() != null;
        switch (FailureKind.of(failure)) {
            case HISTORY_GONE ->
                throw new ConnectException(
                        name + ": the history after " + records.position()
                                + " is no longer there, so changes would be missing. The task was down for longer than gc.ttlseconds of"
                                + " the tables. Load the tables anew, or compare and repair both sides, then deploy with a new cursor."
                                + " CockroachDB says: " + failure.getMessage(),
                        failure);
            case PERMANENT -> throw new ConnectException(name + ": " + failure.getMessage(), failure);
            case MAY_PASS -> {
                attempts++;
                if (attempts > config.getInt(SourceConfig.RETRIES_MAX)) {
                    throw new ConnectException(
                            name + ": " + failure.getMessage() + "; given up after " + attempts + " attempts", failure);
                }
                long pauseMs = config.getLong(SourceConfig.RETRY_BACKOFF_MS)
                        * Math.min(BACKOFF_GROWTH_MAX, 1L << Math.min(attempts - 1, 10));
                waitUntilNanos = System.nanoTime() + pauseMs * 1_000_000L;
                log.warn("{}: {}; attempt {} follows in {} ms", name, failure.toString(), attempts, pauseMs);
            }
        }
    }

    @Override
    public void stop() {
        stopped = true;
        FeedReader current = reader;
        if (current != null) {
            current.close();
        }
        if (metrics != null) {
            metrics.close();
        }
    }
}
