package dev.godwit.connectors.plugin;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.config.Configuration;
import io.debezium.connector.mysql.MySqlConnectorTask;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/** The task of {@link WholeTransactionsMysqlConnector}. Called by the one thread of the task. */
public class WholeTransactionsMysqlTask extends MySqlConnectorTask {
    private TruncateTransactions truncates;
    private TransactionStart transactionStart;
    private TransactionEndPosition endPosition;

    @Override
    public ChangeEventSourceCoordinator<MySqlPartition, MySqlOffsetContext> start(Configuration config) {
        String prefix = config.getString(CommonConnectorConfig.TOPIC_PREFIX);
        // The partition as MySqlPartition writes it.
        Map<String, Object> stored = context.offsetStorageReader().offset(Map.of("server", prefix));
        truncates = new TruncateTransactions(prefix + ".transaction", config);
        transactionStart = new TransactionStart(prefix + ".transaction", stored);
        endPosition = new TransactionEndPosition(prefix + ".transaction");
        return super.start(config);
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        List<SourceRecord> records = super.doPoll();
        return records == null ? null : transactionStart.rewind(endPosition.added(truncates.wrapped(records)));
    }
}
