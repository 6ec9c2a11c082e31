package dev.godwit.connectors.plugin;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.config.Configuration;
import io.debezium.connector.common.CdcSourceTaskContext;
import io.debezium.connector.mysql.MySqlConnectorConfig;
import io.debezium.connector.mysql.MySqlConnectorTask;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/** The task of {@link WholeTransactionsMysqlConnector}. Called by the one thread of the task. */
public class WholeTransactionsMysqlTask extends MySqlConnectorTask {
    private UnloggedRows unloggedRows;
    private TruncateTransactions truncates;
    private TransactionStart transactionStart;
    private TransactionEndPosition endPosition;

    @Override
    public CdcSourceTaskContext<? extends CommonConnectorConfig> preStart(Configuration config) {
        return super.preStart(config.edit()
                .with(MySqlConnectorConfig.INCLUDE_SCHEMA_CHANGES, true) // for UnloggedRows, which keeps them to itself
                .build());
    }

    @Override
    public ChangeEventSourceCoordinator<MySqlPartition, MySqlOffsetContext> start(Configuration config) {
        String prefix = config.getString(CommonConnectorConfig.TOPIC_PREFIX);
        // The partition as MySqlPartition writes it.
        Map<String, Object> stored = context.offsetStorageReader().offset(Map.of("server", prefix));
        unloggedRows = new UnloggedRows(prefix, config.getString(MySqlConnectorConfig.TABLE_INCLUDE_LIST, ""));
        truncates = new TruncateTransactions(prefix + ".transaction", config);
        transactionStart = new TransactionStart(prefix + ".transaction", stored);
        endPosition = new TransactionEndPosition(prefix + ".transaction");
        return super.start(config);
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        unloggedRows.stopIfMet();
        List<SourceRecord> records = super.doPoll();
        return records == null
                ? null
                : transactionStart.rewind(endPosition.added(truncates.wrapped(unloggedRows.before(records))));
    }
}
