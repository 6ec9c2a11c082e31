package dev.godwit.connectors.plugin.source;

import dev.godwit.connectors.plugin.wire.WireConnection;
import dev.godwit.connectors.plugin.wire.WireSettings;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One changefeed on one connection, read by a thread of its own into a queue. When it fails, what it has read is still in the
 * queue; a new reader then begins where the last resolved timestamp says.
 */
final class FeedReader implements AutoCloseable {
    private final SourceConfig config;
    private final WireConnection connection;
    private final RowQueue queue;
    private final Thread thread;
    private volatile Exception failure;
    private volatile long heardAtNanos = System.nanoTime();

    private FeedReader(SourceConfig config, WireConnection connection, FeedPosition cursor, String name) {
        this.config = config;
        this.connection = connection;
        this.queue = new RowQueue(config.getLong(SourceConfig.QUEUE_BYTES_MAX));
        this.thread = new Thread(() -> read(cursor), "changefeed-" + name);
        thread.setDaemon(true);
    }

    /** Connects, and starts to read in another thread: whether the server takes the changefeed shows there. */
    static FeedReader start(SourceConfig config, WireSettings.Node node, FeedPosition cursor, String name)
            throws IOException {
        FeedReader reader = new FeedReader(config, WireConnection.open(config.wire(name), node), cursor, name);
        reader.thread.start();
        return reader;
    }

    private void read(FeedPosition cursor) {
        try {
            for (String setting : FeedSql.SESSION) {
                connection.query(setting);
            }
            String version = new String(connection.query(FeedSql.VERSION).get(0)[0], StandardCharsets.UTF_8);
            connection.stream(FeedSql.changefeed(config, cursor, version), columns -> {
                heardAtNanos = System.nanoTime();
                queue.put(FeedRow.of(columns));
                heardAtNanos = System.nanoTime(); // it may have been us who had no time
            });
            failure = new EOFException("the server has ended the changefeed without a word");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            queue.end();
        }
    }

    List<FeedRow> take(int rowsMax, Duration within) throws InterruptedException {
        return queue.take(rowsMax, within);
    }

    /** Why no more rows will come, once all that came have been taken. */
    Optional<Exception> failure() {
        if (!queue.isEmpty()) {
            return Optional.empty();
        }
        if (failure == null
                && System.nanoTime() - heardAtNanos > config.silenceMax().toNanos()) {
            return Optional.of(new IOException(
                    "not even a resolved message for " + config.silenceMax().toSeconds() + " s"));
        }
        return Optional.ofNullable(failure);
    }

    long queuedBytes() {
        return queue.bytes();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            connection.close();
        } catch (IOException e) {
            // Its thread ends with an error of its own then.
        }
    }
}
