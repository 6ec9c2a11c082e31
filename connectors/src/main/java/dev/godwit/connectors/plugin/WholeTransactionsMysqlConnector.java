package dev.godwit.connectors.plugin;

import io.debezium.connector.mysql.MySqlConnector;
import org.apache.kafka.connect.connector.Task;

/**
 * Debezium's MySQL connector, except that it always continues at the start of a transaction, that a TRUNCATE is one, that it stops where rows are not logged, and that the END of a transaction tells the place
 * of its end in the binary log: see {@link TransactionStart}, {@link TruncateTransactions}, {@link UnloggedRows} and {@link TransactionEndPosition}.
 *
 * <p>Runs inside the Connect worker; the jar of this module must stand beside Debezium's.
 */
public class WholeTransactionsMysqlConnector extends MySqlConnector {
    @Override
    public Class<? extends Task> taskClass() {
        return WholeTransactionsMysqlTask.class;
    }
}
