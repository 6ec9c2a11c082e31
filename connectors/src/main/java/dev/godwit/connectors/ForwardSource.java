package dev.godwit.connectors;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What differs between the products that forward replication reads from. Looks at the source, and changes nothing there. */
interface ForwardSource {

    static ForwardSource of(ForwardSettings settings) {
        return settings.source().product() == Product.MYSQL ? new MysqlSource(settings) : new PostgresSource(settings);
    }

    /** As users call Debezium's connector. */
    String debeziumName();

    /** Godwit's plug-in that stands for it. */
    Class<?> connectorClass();

    /** The connector's configuration for good. */
    Map<String, String> configuration();

    /** The one that it is created with. */
    default Map<String, String> firstConfiguration() {
        return configuration();
    }

    /** Only what concerns the tables of the phase. */
    void checkTables();

    /** @param connectorExists whether our own connector is there already */
    void check(boolean connectorExists);

    /** All tables that are captured, with those of {@code _godwit}. */
    List<TableName> captured();

    /** How a table stands in {@link AddedTables#SETTING}. */
    String tableIncludeEntry(TableName table);

    /** @param added what the connector, which runs, is to capture from now on */
    default TableAddition addition(List<TableName> added) {
        return TableAddition.NOTHING;
    }

    /** Topics that the connector has for itself, beside those of tables, transactions and heartbeats. */
    default List<String> moreTopics() {
        return List.of();
    }

    /**
     * Sets the place at which the stopped connector will begin.
     *
     * @param isNew whether it was created just now
     */
    void place(ConnectClient connect, boolean isNew);

    /** Makes sure that it has begun there. To be called when changes flow. */
    default void requirePlace(ConnectClient connect) {}

    /** @param offset as Connect has stored it */
    Optional<StoredPlace> storedPlace(JsonNode offset);

    /** How the source's log is read; empty if nobody ever has. */
    Optional<SlotStatus> reading() throws SQLException;
}
