package dev.godwit.connectors.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.godwit.connectors.ArrivalProof;
import dev.godwit.connectors.AutomaticChangefeed;
import dev.godwit.connectors.Changefeed;
import dev.godwit.connectors.ChangefeedStatement;
import dev.godwit.connectors.CockroachChangefeed;
import dev.godwit.connectors.CockroachVersion;
import dev.godwit.connectors.ConnectChangefeed;
import dev.godwit.connectors.ForwardConnector;
import dev.godwit.connectors.ForwardSettings;
import dev.godwit.connectors.TopicSettings;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.ledger.LedgerSchema;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code godwit connectors deploy}. */
@Command(
        name = "deploy",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Creates the topics and the connector or changefeed of a phase, and waits until changes flow.",
            "",
            "Everything is checked first; what does not fit is refused before anything is written. May be run again: what is there"
                    + " already with the same settings is made to run."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:changes flow", "1:it was set up and does not run", "2:refused; nothing was written"},
        footerHeading = "%nExample:%n",
        footer = {
            "  export GODWIT_SOURCE=postgresql://app:secret@old-host/shop",
            "  godwit connectors deploy --migration shop --phase eu \\",
            "      --tables public.customers,public.orders \\",
            "      --database-password '$${env:SHOP_PASSWORD}'"
        })
final class DeployCommand extends FeedCommand {
    @Option(names = "--print", description = "Print what would be deployed, passwords masked, and change nothing.")
    private boolean print;

    @Option(
            names = "--database-password",
            paramLabel = "REFERENCE",
            description = "What stands for the password in the connector's configuration, such as $${env:NAME} or"
                    + " $${file:PATH:KEY} of a config provider of the Connect worker. Default: the password of --source (or --target), which Connect"
                    + " then stores in a topic.")
    private String databasePassword;

    @Option(
            names = "--connector-setting",
            paramLabel = "KEY=VALUE",
            description =
                    "Forward: a connector setting of your own, such as database.hostname where Connect reaches the source by another"
                            + " name, or producer.override.*. Settings that correctness depends on are refused.")
    private Map<String, String> connectorSettings = Map.of();

    @Option(
            names = "--heartbeat-seconds",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description =
                    "Forward: how often a quiet source is written to, so that its slot can advance. Default: ${DEFAULT-VALUE}")
    private int heartbeatSeconds;

    @Option(
            names = "--reuse-topics",
            description = "Forward: accept topics that an earlier connector on the same slot has filled.")
    private boolean reuseTopics;

    @Option(
            names = "--add-tables",
            description =
                    "Forward: let the connector that is there capture the tables too that are new in --tables. It goes on where it is;"
                            + " load the new tables behind that.")
    private boolean addTables;

    @Option(
            names = "--cursor",
            paramLabel = "TIMESTAMP",
            description =
                    "Failback: the cluster_logical_timestamp() after which changes are sent. Forward from MySQL: the load's cdc_cursor,"
                            + " a GTID set.")
    private String cursor;

    @Option(
            names = "--sink-servers",
            paramLabel = "HOST:PORT",
            description = "Failback: the Kafka brokers as CockroachDB reaches them. Default: --bootstrap-servers")
    private String sinkServers;

    @Option(
            names = "--sink-setting",
            paramLabel = "KEY=VALUE",
            description = "Failback: a parameter of CockroachDB's Kafka sink, such as tls_enabled=true.")
    private Map<String, String> sinkSettings = Map.of();

    @Option(
            names = "--resolved-ms",
            paramLabel = "MILLISECONDS",
            defaultValue = "1000",
            description = "Failback: how often the changefeed tells how far it has come. Default: ${DEFAULT-VALUE}")
    private int resolvedMs;

    @Option(
            names = "--via",
            paramLabel = "auto|cockroachdb|connect",
            defaultValue = "auto",
            converter = ViaConverter.class,
            description =
                    "Failback: how changes reach Kafka: a changefeed of the cluster, or our source connector in Kafka Connect, which reads a"
                            + " changefeed over SQL. auto takes the connector where the cluster has no licence for Kafka sinks, or would write quotes into"
                            + " the names of topics. Default: ${DEFAULT-VALUE}")
    private Via via;

    @Option(
            names = "--proof-seconds",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "Failback: for how long to wait for a marker row, written on the target, to come through Kafka. 0: do not try."
                            + " Default: ${DEFAULT-VALUE}")
    private int proofSeconds;

    @Option(
            names = "--retention-hours",
            paramLabel = "HOURS",
            description =
                    "How long topics keep messages. It must outlast the longest outage plus the longest transaction: what is deleted"
                            + " before it was applied is lost. Default: for ever")
    private Integer retentionHours;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Of the topics of tables. More than one is for appliers in mode immediate alone. Default: ${DEFAULT-VALUE}")
    private int partitions;

    @Option(
            names = "--timeout-seconds",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Forward: how long to wait for the connector to run. Default: ${DEFAULT-VALUE}")
    private int timeoutSeconds;

    @Override
    void execute() {
        if (options().isForward()) {
            deployForward();
        } else {
            deployFailback();
        }
    }

    private TopicSettings topics() {
        TopicSettings settings = TopicSettings.CONSISTENT.withPartitions(partitions);
        return retentionHours == null ? settings : settings.withRetention(Duration.ofHours(retentionHours));
    }

    private void deployForward() {
        if (heartbeatSeconds < 1 || timeoutSeconds < 1) {
            throw new RefusedException("intervals must be at least one second", "give 1 or more");
        }
        ForwardSettings settings = options()
                .forward()
                .withTopics(topics())
                .withHeartbeat(Duration.ofSeconds(heartbeatSeconds))
                .withRunsWithin(Duration.ofSeconds(timeoutSeconds))
                .withMore(connectorSettings);
        if (cursor != null) {
            settings = settings.withStart(cursor);
        }
        if (databasePassword != null) {
            settings = settings.withConnectDatabasePassword(databasePassword);
        }
        ForwardConnector connector = new ForwardConnector(reuseTopics ? settings.withTopicsReused() : settings);
        if (print) {
            out().println(pretty(connector.printableConfiguration()));
            return;
        }
        if (addTables) {
            connector.addTables();
        } else {
            connector.deploy();
        }
        report();
    }

    private void deployFailback() {
        if (addTables) {
            throw new RefusedException(
                    "a changefeed takes no more tables while it runs",
                    "leave --add-tables out; capture of the target begins with the tables that the phase has then");
        }
        if (cursor == null) {
            throw new RefusedException(
                    "no cursor is given", "give --cursor with the cluster_logical_timestamp() after the drain");
        }
        Database target = options().failbackSource();
        ChangefeedStatement statement = new ChangefeedStatement(
                options().phase(),
                CockroachVersion.parse(target.version()),
                target.url().database(),
                options().tables(),
                sinkServers == null ? options().bootstrapServers() : sinkServers,
                sinkSettings,
                cursor,
                Duration.ofMillis(resolvedMs));
        if (print) {
            out().println(statement.printable() + ";");
            return;
        }
        feed(target, statement).deploy();
        if (proofSeconds > 0) {
            Duration took = new ArrivalProof(
                            target,
                            options().phase(),
                            options().phase().failbackTopic(statement.database(), LedgerSchema.WATERMARK),
                            options().bootstrapServers(),
                            options().kafkaSettings())
                    .run(Duration.ofSeconds(proofSeconds));
            if (!options().json()) {
                out().println("a marker row took " + took.toMillis() + " ms from the target into Kafka");
            }
        }
        report();
    }

    private Changefeed feed(Database target, ChangefeedStatement statement) {
        CockroachChangefeed own = CockroachChangefeed.of(
                target,
                statement,
                topics(),
                options().bootstrapServers(),
                options().kafkaSettings());
        return switch (via) {
            case COCKROACHDB -> own;
            case CONNECT -> connect(target, statement);
            case AUTO ->
                new AutomaticChangefeed(
                        own,
                        ConnectChangefeed.existing(options().phase(), options().connectUrl()),
                        () -> connect(target, statement));
        };
    }

    private ConnectChangefeed connect(Database target, ChangefeedStatement statement) {
        return ConnectChangefeed.of(
                target.url(),
                Optional.ofNullable(databasePassword),
                statement,
                topics(),
                options().bootstrapServers(),
                options().kafkaSettings(),
                options().connectUrl());
    }

    /** How changes of the target reach Kafka. */
    enum Via {
        AUTO,
        COCKROACHDB,
        CONNECT
    }

    /** Takes the names in lower case, as the help shows them. */
    static final class ViaConverter implements ITypeConverter<Via> {
        @Override
        public Via convert(String value) {
            for (Via via : Via.values()) {
                if (via.name().toLowerCase(Locale.ROOT).equals(value)) {
                    return via;
                }
            }
            throw new TypeConversionException("\"" + value + "\" is none of auto, cockroachdb and connect");
        }
    }

    private static String pretty(Map<String, String> configuration) {
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(configuration);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a map of strings can be written
        }
    }
}
