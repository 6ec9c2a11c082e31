package dev.godwit.connectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.connectors.plugin.WholeTransactionsConnector;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
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
    public String tableIncludeEntry(TableName table) {
        return DebeziumPostgres.tableIncludeEntry(table);
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

    /** The last commit before the place from which the connector would go on. */
    @Override
    public Optional<StoredPlace> storedPlace(JsonNode offset) {
        if (!offset.path("lsn_commit").isIntegralNumber()) {
            return Optional.empty();
        }
        long lsn = offset.path("lsn_commit").asLong();
        return Optional.of(new StoredPlace(
                String.format(Locale.ROOT, "%X/%X", lsn >>> 32, lsn & 0xFFFFFFFFL),
                Instant.EPOCH.plus(offset.path("ts_usec").asLong(), ChronoUnit.MICROS)));
    }

    @Override
    public Optional<SlotStatus> reading() throws SQLException {
        try (Connection connection = settings.source().open()) {
            return Slots.find(connection, settings.phase().slotName());
        }
    }
}
