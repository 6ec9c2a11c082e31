package dev.godwit.connectors.plugin.source;

import dev.godwit.connectors.plugin.wire.WireConnection;
import dev.godwit.connectors.plugin.wire.WireException;
import dev.godwit.connectors.plugin.wire.WireSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Brings the changes of CockroachDB into Kafka where CockroachDB cannot do so itself: no licence for Kafka sinks, or no way
 * from the cluster to the brokers. It reads a changefeed without a sink over one SQL connection and sends the same messages to
 * the same topics as the Kafka sink with {@code full_table_name} would.
 *
 * <p>At least once like any changefeed; with exactly-once support of the worker every message of the feed stands in Kafka once.
 *
 * <p>CockroachDB keeps no history for such a feed: a task that is down for longer than {@code gc.ttlseconds} cannot continue,
 * and fails with that as its reason.
 */
public final class CockroachChangefeedSource extends SourceConnector {
    static final String VERSION =
            version(CockroachChangefeedSource.class.getPackage().getImplementationVersion());
    private static final String BYTES_CONVERTER = "org.apache.kafka.connect.converters.ByteArrayConverter";

    private Map<String, String> properties;

    private static String version(String ofJar) {
        return ofJar == null ? "development" : ofJar;
    }

    /** What Connect stores the offset under. */
    static Map<String, String> sourcePartition(String connector) {
        return Map.of("changefeed", connector);
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public void start(Map<String, String> given) {
        properties = Map.copyOf(given);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return ChangefeedSourceTask.class;
    }

    /** One changefeed is one task: a second one would send every message a second time. */
    @Override
    public List<Map<String, String>> taskConfigs(int tasksMax) {
        return List.of(properties);
    }

    @Override
    public void stop() {
        // The task has all there is.
    }

    @Override
    public ConfigDef config() {
        return SourceConfig.DEFINITION;
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> given) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    /** A transaction may be what lies between two resolved timestamps. */
    @Override
    public ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> given) {
        return ConnectorTransactionBoundaries.SUPPORTED;
    }

    /** Refuses offsets that no task could continue from, when somebody sets them over REST. */
    @Override
    public boolean alterOffsets(Map<String, String> given, Map<Map<String, ?>, Map<String, ?>> offsets) {
        offsets.values().forEach(offset -> {
            if (offset != null) {
                try {
                    FeedPosition.parse(String.valueOf(offset.get(FeedPosition.OFFSET)));
                } catch (NumberFormatException e) {
                    throw new ConnectException(
                            "an offset is {\"" + FeedPosition.OFFSET + "\": \"<cluster_logical_timestamp()>\"}", e);
                }
            }
        });
        return true;
    }

    /** Also tries the connection out, once the settings themselves are right. */
    @Override
    public Config validate(Map<String, String> given) {
        Config validated = super.validate(given);
        for (String side : List.of("key.converter", "value.converter")) {
            if (!BYTES_CONVERTER.equals(given.get(side))) {
                value(validated, side)
                        .addErrorMessage("must be " + BYTES_CONVERTER + ": messages are passed on byte by byte");
            }
        }
        if (validated.configValues().stream()
                .allMatch(value -> value.errorMessages().isEmpty())) {
            tryConnection(new SourceConfig(given), validated);
        }
        return validated;
    }

    private static ConfigValue value(Config config, String name) {
        return config.configValues().stream()
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseGet(() -> {
                    ConfigValue added = new ConfigValue(name);
                    config.configValues().add(added);
                    return added;
                });
    }

    private static void tryConnection(SourceConfig config, Config validated) {
        String failure = null;
        for (WireSettings.Node node : config.nodes()) {
            try (WireConnection connection = WireConnection.open(config.wire("validation"), node)) {
                String version = new String(connection.query(FeedSql.VERSION).get(0)[0], StandardCharsets.UTF_8);
                FeedSql.changefeed(config, config.cursor(), version);
                return;
            } catch (WireException e) {
                value(validated, SourceConfig.USER).addErrorMessage(node + " says: " + e.getMessage());
                return;
            } catch (IOException | IllegalArgumentException e) {
                failure = "cannot use " + node + ": " + e.getMessage();
            }
        }
        value(validated, SourceConfig.HOSTS).addErrorMessage(failure);
    }
}
