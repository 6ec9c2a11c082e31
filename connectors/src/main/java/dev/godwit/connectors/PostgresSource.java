package dev.godwit.connectors;

import dev.godwit.connectors.plugin.WholeTransactionsConnector;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** PostgreSQL: a replication slot remembers the place. */
final class PostgresSource implements ForwardSource {
    private final ForwardSettings settings;

    PostgresSource(ForwardSettings settings) {
        this.settings = settings;
    }

    @Override
    public String debeziumName() {
        return "PostgreSQL";
    }

    @Override
    public Class<?> connectorClass() {
        return WholeTransactionsConnector.class;
    }

    @Override
    public Map<String, String> configuration() {
        return DebeziumPostgres.configuration(settings);
    }

    @Override
    public void checkTables() {
        new SourceCheck(settings).checkTables();
    }

    @Override
    public void check(boolean connectorExists) {
        new SourceCheck(settings).check(connectorExists);
    }

    @Override
    public List<TableName> captured() {
        return new SourceCheck(settings).captured();
    }

    /** The slot never confirms what is not yet in Kafka, so starting from it repeats changes at worst. */
    @Override
    public void place(ConnectClient connect, boolean isNew) {
        String connector = settings.phase().domain();
        if (!connect.offsets(connector).isEmpty()) {
            connect.deleteOffsets(connector);
        }
    }

    @Override
    public Optional<SlotStatus> reading() throws SQLException {
        try (Connection connection = settings.source().open()) {
            return Slots.find(connection, settings.phase().slotName());
        }
    }
}
