package dev.godwit.connectors.plugin;

import io.debezium.connector.postgresql.PostgresConnector;
import org.apache.kafka.connect.connector.Task;

/**
 * Debezium's PostgreSQL connector, except that it always continues at the start of a transaction.
 *
 * <p>Debezium continues behind the last change it has sent, and knows a change by its LSN only. Changes that share one LSN - the rows of
 * a COPY that stand in one page, the delete and the create that an update of a key becomes, a truncate of several tables - are
 * then lost if the connector dies among them, and the END message counts only what was sent, so nobody notices
 * (Debezium issue dbz#1554; COPY is mended in 3.7). See {@link TransactionStart} for what is done instead.
 *
 * <p>Runs inside the Connect worker; the jar of this module must stand beside Debezium's.
 */
public class WholeTransactionsConnector extends PostgresConnector {
    @Override
    public Class<? extends Task> taskClass() {
        return WholeTransactionsTask.class;
    }
}
