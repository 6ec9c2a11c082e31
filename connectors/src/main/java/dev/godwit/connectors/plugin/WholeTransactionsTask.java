package dev.godwit.connectors.plugin;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;

/** The task of {@link WholeTransactionsConnector}. Called by the one thread of the task. */
public class WholeTransactionsTask extends PostgresConnectorTask {
    private TransactionStart transactionStart;

    @Override
    public void initialize(SourceTaskContext taskContext) {
        super.initialize(FromLastCommit.reading(taskContext));
    }

    @Override
    public ChangeEventSourceCoordinator<PostgresPartition, PostgresOffsetContext> start(Configuration config) {
        String prefix = config.getString(PostgresConnectorConfig.TOPIC_PREFIX);
        // The partition as PostgresPartition writes it; null if the connector has never stored a position.
        Map<String, Object> stored = context.offsetStorageReader().offset(Map.of("server", prefix));
        transactionStart = new TransactionStart(prefix + ".transaction", stored);
        return super.start(config);
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        List<SourceRecord> records = super.doPoll();
        return records == null ? null : transactionStart.rewind(records);
    }
}
