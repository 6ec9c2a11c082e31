package dev.godwit.connectors;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * All that forward replication of one phase is set up from.
 *
 * @param source the PostgreSQL or MySQL that is captured
 * @param tables the tables of the phase, without those of {@code _godwit}; needed to deploy and to delete topics only
 * @param bootstrapServers as this process reaches the broker
 * @param clientSettings Kafka client settings of this process beside the servers
 * @param connectUrl the REST API of Connect
 * @param connectDatabasePassword the password as it shall stand in the connector's configuration, for example
 *     {@code ${env:PGPASSWORD}}; empty: the one of the source's URL
 * @param heartbeat how often the source is written to while it is quiet, so that its slot can advance
 * @param runsWithin how long {@link ForwardConnector#deploy} waits for the connector to run
 * @param more connector settings that replace or add to Godwit's own; those that correctness depends on are refused
 * @param start where a source without replication slots is read from: MySQL's GTID set at the load
 * @param reuseTopics whether a new connector may send to topics that already hold messages
 */
public record ForwardSettings(
        PhaseDirection phase,
        Database source,
        List<TableName> tables,
        String bootstrapServers,
        Map<String, String> clientSettings,
        String connectUrl,
        Optional<String> connectDatabasePassword,
        TopicSettings topics,
        Duration heartbeat,
        Duration runsWithin,
        Map<String, String> more,
        boolean reuseTopics,
        Optional<String> start) {

    public ForwardSettings {
        if (phase.direction() != Direction.FORWARD) {
            throw new IllegalArgumentException(phase + " is not a forward direction");
        }
        tables = List.copyOf(new TreeSet<>(tables));
        clientSettings = Map.copyOf(clientSettings);
        more = Map.copyOf(more);
    }

    /** @throws RefusedException if there are none */
    List<TableName> requireTables() {
        if (tables.isEmpty()) {
            throw new RefusedException("no tables are given for phase " + phase.phase(), "name at least one table");
        }
        return tables;
    }

    /** With defaults for everything else: consistent topics, a heartbeat every five seconds, a minute to come up. */
    public static ForwardSettings of(
            PhaseDirection phase, Database source, List<TableName> tables, String bootstrapServers, String connectUrl) {
        return new ForwardSettings(
                phase,
                source,
                tables,
                bootstrapServers,
                Map.of(),
                connectUrl,
                Optional.empty(),
                TopicSettings.CONSISTENT,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Map.of(),
                false,
                Optional.empty());
    }

    public ForwardSettings withConnectDatabasePassword(String reference) {
        return new ForwardSettings(
                phase,
                source,
                tables,
                bootstrapServers,
                clientSettings,
                connectUrl,
                Optional.of(reference),
                topics,
                heartbeat,
                runsWithin,
                more,
                reuseTopics,
                start);
    }

    public ForwardSettings withClientSettings(Map<String, String> settings) {
        return new ForwardSettings(
                phase,
                source,
                tables,
                bootstrapServers,
                settings,
                connectUrl,
                connectDatabasePassword,
                topics,
                heartbeat,
                runsWithin,
                more,
                reuseTopics,
                start);
    }

    public ForwardSettings withTopics(TopicSettings settings) {
        return new ForwardSettings(
                phase,
                source,
                tables,
                bootstrapServers,
                clientSettings,
                connectUrl,
                connectDatabasePassword,
                settings,
                heartbeat,
                runsWithin,
                more,
                reuseTopics,
                start);
    }

    public ForwardSettings withHeartbeat(Duration interval) {
        return new ForwardSettings(
                phase,
                source,
                tables,
                bootstrapServers,
                clientSettings,
                connectUrl,
                connectDatabasePassword,
                topics,
                interval,
                runsWithin,
                more,
                reuseTopics,
                start);
    }

    public ForwardSettings withRunsWithin(Duration atMost) {
        return new ForwardSettings(
                phase,
                source,
                tables,
                bootstrapServers,
                clientSettings,
                connectUrl,
                connectDatabasePassword,
                topics,
                heartbeat,
                atMost,
                more,
                reuseTopics,
                start);
    }

    public ForwardSettings withMore(Map<String, String> settings) {
        return new ForwardSettings(
                phase,
                source,
                tables,
                bootstrapServers,
                clientSettings,
                connectUrl,
                connectDatabasePassword,
                topics,
                heartbeat,
                runsWithin,
                settings,
                reuseTopics,
                start);
    }

    /** Lets a new connector continue in topics that a removed one has filled from the same replication slot. */
    public ForwardSettings withTopicsReused() {
        return new ForwardSettings(
                phase,
                source,
                tables,
                bootstrapServers,
                clientSettings,
                connectUrl,
                connectDatabasePassword,
                topics,
                heartbeat,
                runsWithin,
                more,
                true,
                start);
    }

    /** Begins behind this place of the log: for MySQL, whose log no slot keeps. */
    public ForwardSettings withStart(String place) {
        return new ForwardSettings(
                phase,
                source,
                tables,
                bootstrapServers,
                clientSettings,
                connectUrl,
                connectDatabasePassword,
                topics,
                heartbeat,
                runsWithin,
                more,
                reuseTopics,
                Optional.of(place));
    }
}
