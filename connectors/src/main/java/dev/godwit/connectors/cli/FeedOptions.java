package dev.godwit.connectors.cli;

import dev.godwit.connectors.AutomaticChangefeed;
import dev.godwit.connectors.Changefeed;
import dev.godwit.connectors.CockroachChangefeed;
import dev.godwit.connectors.ConnectChangefeed;
import dev.godwit.connectors.Direction;
import dev.godwit.connectors.ForwardConnector;
import dev.godwit.connectors.ForwardSettings;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that every command has. Passwords are best given in the environment, which keeps them out of the process list. */
final class FeedOptions {
    @Option(names = "--migration", paramLabel = "NAME", required = true, description = "The name of the migration.")
    private String migration;

    @Option(names = "--phase", paramLabel = "NAME", required = true, description = "The name of the phase.")
    private String phase;

    @Option(
            names = "--direction",
            paramLabel = "forward|failback",
            defaultValue = "forward",
            converter = DirectionConverter.class,
            description = "Which way the changes flow. Default: ${DEFAULT-VALUE}")
    private Direction direction;

    @Option(
            names = "--source",
            paramLabel = "URL",
            description =
                    "The source: postgresql://user:password@host:port/database. Default: GODWIT_SOURCE. Needed for forward.")
    private String source;

    @Option(
            names = "--target",
            paramLabel = "URL",
            description = "The target, a CockroachDB. Default: GODWIT_TARGET. Needed for failback.")
    private String target;

    @Option(
            names = "--tables",
            paramLabel = "SCHEMA.TABLE",
            split = ",",
            description = "The tables of the phase, separated by commas. Needed to deploy, and to delete topics.")
    private List<String> tables = List.of();

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            defaultValue = "localhost:9092",
            description = "Kafka brokers, separated by commas. Default: ${DEFAULT-VALUE}")
    private String bootstrapServers;

    @Option(
            names = "--kafka-setting",
            paramLabel = "KEY=VALUE",
            description = "A setting of this command's own Kafka client, such as security.protocol=SSL.")
    private Map<String, String> kafkaSettings = Map.of();

    @Option(
            names = "--connect-url",
            paramLabel = "URL",
            defaultValue = "http://localhost:8083",
            description = "The REST API of Kafka Connect. Default: ${DEFAULT-VALUE}")
    private String connectUrl;

    @Option(names = "--json", description = "Write one line of JSON.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    PhaseDirection phase() {
        return new PhaseDirection(migration, phase, direction);
    }

    boolean isForward() {
        return direction == Direction.FORWARD;
    }

    boolean json() {
        return json;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    Map<String, String> kafkaSettings() {
        return kafkaSettings;
    }

    List<TableName> tables() {
        return tables.stream().map(TableName::parse).toList();
    }

    ForwardSettings forward() {
        PhaseDirection named = phase();
        List<TableName> selected = tables();
        Database database = Database.connect("source", url("--source", source, "GODWIT_SOURCE"));
        return ForwardSettings.of(named, database, selected, bootstrapServers, connectUrl)
                .withClientSettings(kafkaSettings);
    }

    ForwardConnector forwardConnector() {
        return new ForwardConnector(forward());
    }

    /** @throws RefusedException if the target is no CockroachDB: nothing else has changefeeds */
    Database failbackSource() {
        Database database = Database.connect("target", url("--target", target, "GODWIT_TARGET"));
        if (database.product() != Product.COCKROACHDB) {
            throw new RefusedException(
                    "the target is " + database.product() + ", which has no changefeeds",
                    "give the URL of a CockroachDB; the stand-in of godwit demo is run by the demo itself");
        }
        return database;
    }

    /** The feed that is there: of the cluster, or in Connect. */
    Changefeed changefeed() {
        PhaseDirection named = phase();
        return new AutomaticChangefeed(
                CockroachChangefeed.existing(failbackSource(), named),
                ConnectChangefeed.existing(named, connectUrl),
                () -> {
                    throw new IllegalStateException("only godwit connectors deploy deploys");
                });
    }

    String connectUrl() {
        return connectUrl;
    }

    private static DatabaseUrl url(String option, String given, String variable) {
        String text = given != null ? given : System.getenv(variable);
        if (text == null || text.isBlank()) {
            throw new RefusedException(
                    "no " + option.substring(2) + " is given", "give " + option + " or set " + variable);
        }
        return DatabaseUrl.parse(given != null ? option : variable, text);
    }

    /** Takes the names in lower case, as they stand in topics. */
    static final class DirectionConverter implements ITypeConverter<Direction> {
        @Override
        public Direction convert(String value) {
            for (Direction direction : Direction.values()) {
                if (direction.label().equals(value.toLowerCase(Locale.ROOT))) {
                    return direction;
                }
            }
            throw new TypeConversionException("\"" + value + "\" is no direction; use forward or failback");
        }
    }
}
