package dev.godwit.connectors.plugin;

import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.SourceInfo;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Operation;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.source.TransactionContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * Lets Debezium's PostgreSQL connector go on with the first message that PostgreSQL sends behind the last commit it has stored.
 *
 * <p>PostgreSQL itself sends whole transactions, and exactly those that commit behind the position it is asked for. Debezium 3.6 does
 * not leave it at that: it looks among the messages for the one with the LSN that it has stored last, and goes on behind it
 * ({@code WalPositionLocator}). But the LSN of a COMMIT is the end of its record, which is where the next record begins: mostly a
 * change of a transaction that was open meanwhile. Debezium takes that change for what it has sent, and leaves it and all before it in
 * its transaction out, and END counts only what was sent. A busy source loses rows like that at any restart.
 *
 * <p>Behind a message outside of transactions Debezium does not look, as nothing is left of it; neither is anything left of a
 * transaction that has committed. So that is what the stored position is said to be of.
 */
final class FromLastCommit implements OffsetStorageReader {
    // As PostgresOffsetContext writes them.
    private static final String PROCESSED = PostgresOffsetContext.LAST_COMPLETELY_PROCESSED_LSN_KEY;
    private static final String COMMIT = PostgresOffsetContext.LAST_COMMIT_LSN_KEY;

    private final OffsetStorageReader stored;

    private FromLastCommit(OffsetStorageReader stored) {
        this.stored = stored;
    }

    /** The same context, whose stored positions are read like this. */
    static SourceTaskContext reading(SourceTaskContext context) {
        return new SourceTaskContext() {
            @Override
            public Map<String, String> configs() {
                return context.configs();
            }

            @Override
            public OffsetStorageReader offsetStorageReader() {
                return new FromLastCommit(context.offsetStorageReader());
            }

            @Override
            public TransactionContext transactionContext() {
                return context.transactionContext();
            }

            @Override
            public PluginMetrics pluginMetrics() {
                return context.pluginMetrics();
            }
        };
    }

    @Override
    public <T> Map<String, Object> offset(Map<String, T> partition) {
        return fromLastCommit(stored.offset(partition));
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
        Map<Map<String, T>, Map<String, Object>> offsets = new HashMap<>();
        stored.offsets(partitions).forEach((partition, offset) -> offsets.put(partition, fromLastCommit(offset)));
        return offsets;
    }

    /** @param offset null if there is none */
    private static Map<String, Object> fromLastCommit(Map<String, Object> offset) {
        if (offset == null || offset.get(PROCESSED) == null) {
            return offset;
        }
        Map<String, Object> read = new HashMap<>(offset);
        read.putIfAbsent(COMMIT, offset.get(PROCESSED));
        read.put(PROCESSED, read.get(COMMIT));
        read.put(SourceInfo.MSG_TYPE_KEY, Operation.MESSAGE.name());
        return read;
    }
}
