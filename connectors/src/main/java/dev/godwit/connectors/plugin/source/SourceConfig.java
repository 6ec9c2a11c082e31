package dev.godwit.connectors.plugin.source;

import dev.godwit.connectors.plugin.wire.WireSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;

/** The settings of {@link CockroachChangefeedSource}: one definition per key, with what it means. */
public final class SourceConfig extends AbstractConfig {
    public static final String HOSTS = "database.hosts";
    public static final String USER = "database.user";
    public static final String PASSWORD = "database.password";
    public static final String DATABASE = "database.dbname";
    public static final String SSL_MODE = "database.sslmode";
    public static final String SSL_ROOT_CERT = "database.sslrootcert";
    public static final String SSL_CERT = "database.sslcert";
    public static final String SSL_KEY = "database.sslkey";
    public static final String SSL_PASSWORD = "database.sslpassword";
    public static final String TABLES = "changefeed.tables";
    public static final String CURSOR = "changefeed.cursor";
    public static final String RESOLVED_MS = "changefeed.resolved.ms";
    public static final String DIFF = "changefeed.diff";
    public static final String TOPIC_PREFIX = "topic.prefix";
    public static final String TOPIC_PARTITIONS = "topic.partitions";
    public static final String QUEUE_BYTES_MAX = "queue.bytes.max";
    public static final String POLL_ROWS_MAX = "poll.rows.max";
    public static final String RETRIES_MAX = "connect.retries.max";
    public static final String RETRY_BACKOFF_MS = "connect.retry.backoff.ms";
    public static final String SILENCE_MS_MAX = "silence.ms.max";

    private static final int DEFAULT_PORT = 26257;
    private static final Pattern HLC = Pattern.compile("\\d{1,19}(\\.\\d{1,10})?");
    private static final Pattern NODE = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[a-zA-Z0-9._-]+)(?::(\\d{1,5}))?");

    static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    HOSTS,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    validator(SourceConfig::nodes, "host:port,host:port"),
                    Importance.HIGH,
                    "Nodes of the cluster, or its load balancer, as host:port separated by commas. They are tried in turn.")
            .define(
                    USER,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    nonEmpty(),
                    Importance.HIGH,
                    "The SQL user.")
            .define(
                    PASSWORD,
                    ConfigDef.Type.PASSWORD,
                    "",
                    Importance.HIGH,
                    "Its password; empty where a client certificate is enough. May be a reference to a config provider.")
            .define(
                    DATABASE,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    nonEmpty(),
                    Importance.HIGH,
                    "The database that the session starts in.")
            .define(
                    SSL_MODE,
                    ConfigDef.Type.STRING,
                    "verify-full",
                    ConfigDef.ValidString.in("disable", "require", "verify-ca", "verify-full"),
                    Importance.MEDIUM,
                    "How the server has to prove itself. disable: no TLS, for insecure clusters only.")
            .define(
                    SSL_ROOT_CERT,
                    ConfigDef.Type.STRING,
                    "",
                    Importance.MEDIUM,
                    "File with the certificate authority (PEM). Default: that of pgjdbc, ~/.postgresql/root.crt.")
            .define(SSL_CERT, ConfigDef.Type.STRING, "", Importance.LOW, "File with the user's certificate (PEM).")
            .define(
                    SSL_KEY,
                    ConfigDef.Type.STRING,
                    "",
                    Importance.LOW,
                    "File with the user's key, as PKCS#8 DER (cockroach cert create-client --also-generate-pkcs8-key) or PKCS#12.")
            .define(SSL_PASSWORD, ConfigDef.Type.PASSWORD, "", Importance.LOW, "The password of that key.")
            .define(
                    TABLES,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    validator(WatchedTable::list, "database.schema.table,..."),
                    Importance.HIGH,
                    "The tables to watch, as database.schema.table separated by commas; in double quotes unless lower case.")
            .define(
                    CURSOR,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    validator(SourceConfig::cursor, "a cluster_logical_timestamp()"),
                    Importance.HIGH,
                    "The timestamp after which changes are sent, as cluster_logical_timestamp() gives it. Used until the first"
                            + " offset is stored, so there is no default: a feed that begins \"now\" would lose what happened before a"
                            + " crash during its first second.")
            .define(
                    RESOLVED_MS,
                    ConfigDef.Type.INT,
                    1_000,
                    ConfigDef.Range.atLeast(1),
                    Importance.MEDIUM,
                    "How often the feed says up to where it is complete, in milliseconds; also its min_checkpoint_frequency.")
            .define(
                    DIFF,
                    ConfigDef.Type.BOOLEAN,
                    true,
                    Importance.LOW,
                    "Whether the old row comes too. Phases with row filters need it: without it nobody can tell whether a row has left the slice.")
            .define(
                    TOPIC_PREFIX,
                    ConfigDef.Type.STRING,
                    "",
                    Importance.MEDIUM,
                    "Goes in front of database.schema.table, as the topic_prefix of CockroachDB's Kafka sink does.")
            .define(
                    TOPIC_PARTITIONS,
                    ConfigDef.Type.INT,
                    1,
                    ConfigDef.Range.atLeast(1),
                    Importance.MEDIUM,
                    "How many partitions each topic has. Rows are spread over them by FNV-1a of the key, as CockroachDB does, and each"
                            + " resolved message goes to all of them.")
            .define(
                    QUEUE_BYTES_MAX,
                    ConfigDef.Type.LONG,
                    16L << 20,
                    ConfigDef.Range.atLeast(1),
                    Importance.LOW,
                    "Bytes that are read ahead of Kafka. When they are full nothing is read, and CockroachDB waits.")
            .define(
                    POLL_ROWS_MAX,
                    ConfigDef.Type.INT,
                    2_000,
                    ConfigDef.Range.atLeast(1),
                    Importance.LOW,
                    "Messages that are handed to Connect at once.")
            .define(
                    RETRIES_MAX,
                    ConfigDef.Type.INT,
                    60,
                    ConfigDef.Range.atLeast(0),
                    Importance.LOW,
                    "How many times in a row the feed is begun anew after an error that may pass, before the task fails. For ever would hide an error that does not.")
            .define(
                    RETRY_BACKOFF_MS,
                    ConfigDef.Type.LONG,
                    1_000L,
                    ConfigDef.Range.atLeast(1),
                    Importance.LOW,
                    "The first pause between attempts; it doubles up to ten times its length.")
            .define(
                    SILENCE_MS_MAX,
                    ConfigDef.Type.LONG,
                    120_000L,
                    ConfigDef.Range.atLeast(1),
                    Importance.LOW,
                    "A connection on which not even a resolved message comes for so long is taken for dead and opened anew.");

    private static ConfigDef.Validator validator(java.util.function.Function<String, ?> parse, String form) {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    try {
                        Object unused = parse.apply((String) value);
                    } catch (IllegalArgumentException | NullPointerException e) {
                        throw new ConfigException(name, value, e.getMessage());
                    }
                },
                () -> form);
    }

    private static ConfigDef.Validator nonEmpty() {
        return new ConfigDef.NonEmptyString();
    }

    /** @throws ConfigException if a setting is missing or cannot be meant */
    SourceConfig(Map<String, String> properties) {
        super(DEFINITION, properties, false);
    }

    private static String cursor(String text) {
        if (!HLC.matcher(text).matches()) {
            throw new IllegalArgumentException("write what SELECT cluster_logical_timestamp() gives");
        }
        return text;
    }

    private static List<WireSettings.Node> nodes(String text) {
        List<WireSettings.Node> nodes = new ArrayList<>();
        for (String node : text.split(",", -1)) {
            Matcher matcher = NODE.matcher(node.strip());
            int port =
                    matcher.matches() && matcher.group(2) != null ? Integer.parseInt(matcher.group(2)) : DEFAULT_PORT;
            if (!matcher.matches() || port < 1 || port > 65535) {
                throw new IllegalArgumentException("write host:port, separated by commas");
            }
            String host = matcher.group(1);
            nodes.add(new WireSettings.Node(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port));
        }
        return List.copyOf(nodes);
    }

    List<WireSettings.Node> nodes() {
        return nodes(getString(HOSTS));
    }

    List<WatchedTable> tables() {
        return WatchedTable.list(getString(TABLES));
    }

    FeedPosition cursor() {
        return FeedPosition.parse(getString(CURSOR));
    }

    Duration resolved() {
        return Duration.ofMillis(getInt(RESOLVED_MS));
    }

    Duration silenceMax() {
        return Duration.ofMillis(getLong(SILENCE_MS_MAX));
    }

    WireSettings wire(String applicationName) {
        Map<String, String> tls = new LinkedHashMap<>();
        tls.put("sslmode", getString(SSL_MODE));
        putIfSet(tls, "sslrootcert", getString(SSL_ROOT_CERT));
        putIfSet(tls, "sslcert", getString(SSL_CERT));
        putIfSet(tls, "sslkey", getString(SSL_KEY));
        putIfSet(tls, "sslpassword", getPassword(SSL_PASSWORD).value());
        return new WireSettings(
                getString(DATABASE),
                getString(USER),
                getPassword(PASSWORD).value(),
                tls,
                applicationName,
                Duration.ofSeconds(10));
    }

    private static void putIfSet(Map<String, String> map, String key, String value) {
        if (!value.isBlank()) {
            map.put(key, value);
        }
    }
}
