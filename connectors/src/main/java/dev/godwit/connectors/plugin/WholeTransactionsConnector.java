package dev.godwit.connectors.plugin;

import io.debezium.connector.postgresql.PostgresConnector;
import org.apache.kafka.connect.connector.Task;

/**
 * Debezium's PostgreSQL connector, except that it always continues at the start of a transaction.
 *
 * <p>Debezium continues behind the last change it has sent, and knows a change by its LSN only. Rows of a COPY that stand in one page
 * share one; those that were not sent yet are lost if the connector is interrupted among them, and the END message counts only what was
 * sent, so nobody notices (Debezium issue dbz#1554, mended in 3.7). The delete and the create that an update of a key becomes,
 * and a truncate of several tables, share an LSN as well. See {@link TransactionStart} for what is done instead.
 *
 * <p>Runs inside the Connect worker; the jar of this module must stand beside Debezium's.
 */
public class WholeTransactionsConnector extends PostgresConnector {
    @Override
    public Class<? extends Task> taskClass() {
        return WholeTransactionsTask.class;
    }
}
