package dev.godwit.connectors;

import dev.godwit.connectors.plugin.ExactText;
import dev.godwit.connectors.plugin.WholeTransactionsConnector;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.database.origin.ReplicationOrigins;
import dev.godwit.database.type.UnchangedValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Builds the configuration of Debezium's PostgreSQL connector for one phase. Why each setting is as it is stands in docs/connectors.md. */
public final class DebeziumPostgres {
    /** What may be set from outside: how Connect reaches the database and the broker, and how fast. Everything else decides correctness. */
    private static final Pattern MAY_BE_SET =
            Pattern.compile("database\\.(hostname|port|user|ssl.*|tcpKeepAlive|query\\.timeout\\.ms)"
                    + "|producer\\.override\\..*|max\\.(batch|queue)\\.size(\\.in\\.bytes)?|poll\\.interval\\.ms|retriable\\.restart\\.connector\\.wait\\.ms"
                    + "|slot\\.(max\\.retries|retry\\.delay\\.ms)|status\\.update\\.interval\\.ms|errors\\.max\\.retries|errors\\.retry\\..*"
                    + "|heartbeat\\.interval\\.ms|exactly\\.once\\.support");

    /** Only {@value ReplicationOrigins#ORIGIN_NONE} is taken. */
    public static final String STREAM_PARAMETERS = "slot.stream.params";

    private static final Set<String> URL_SSL_PARAMETERS =
            Set.of("sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword");
    private static final int PRODUCER_BUFFER_BYTES_MIN = 32 * 1024 * 1024;

    private DebeziumPostgres() {}

    /**
     * @return the configuration, with the password; see {@link #masked} for what may be shown
     * @throws RefusedException if a setting was given that may not be changed
     */
    public static Map<String, String> configuration(ForwardSettings settings) {
        Map<String, String> configuration = new TreeMap<>();
        place(configuration, settings);
        capture(configuration, settings);
        values(configuration);
        heartbeat(configuration, settings);
        messages(configuration, settings);
        AvroConversion.of(settings.more()).ifPresent(avro -> avro.replaceIn(configuration));
        settings.more().forEach((key, value) -> {
            if (AvroConversion.isSetting(key)) {
                return;
            }
            if (!leavesOutOrigins(key, value) && !MAY_BE_SET.matcher(key).matches()) {
                throw new RefusedException(
                        "the connector setting " + key + " cannot be changed",
                        "leave it out; correctness depends on it");
            }
            configuration.put(key, value);
        });
        return configuration;
    }

    /** Whether this setting makes the slot leave out what replication has written into the source. */
    static boolean leavesOutOrigins(String key, String value) {
        return key.equals(STREAM_PARAMETERS) && value.equals(ReplicationOrigins.ORIGIN_NONE);
    }

    /** The same with {@code ***} for every password; references such as {@code ${env:PGPASSWORD}} are no secret and stay. */
    public static Map<String, String> masked(Map<String, String> configuration) {
        return Secrets.mask(configuration);
    }

    private static void place(Map<String, String> configuration, ForwardSettings settings) {
        DatabaseUrl url = settings.source().url();
        configuration.put("connector.class", WholeTransactionsConnector.class.getName());
        configuration.put("tasks.max", "1");
        configuration.put("database.hostname", url.host());
        configuration.put("database.port", Integer.toString(url.port()));
        configuration.put("database.user", url.user());
        configuration.put(
                "database.password", settings.connectDatabasePassword().orElse(url.password()));
        configuration.put("database.dbname", url.database());
        url.parameters().forEach((key, value) -> {
            if (URL_SSL_PARAMETERS.contains(key)) {
                configuration.put("database." + key, value);
            }
        });
        configuration.put("topic.prefix", settings.phase().topicPrefix());
    }

    private static void capture(Map<String, String> configuration, ForwardSettings settings) {
        configuration.put("plugin.name", "pgoutput");
        configuration.put("slot.name", settings.phase().slotName());
        configuration.put("slot.drop.on.stop", "false");
        // A reader that has just died holds the slot for some seconds more; the default would wait ten.
        configuration.put("slot.retry.delay.ms", "2000");
        configuration.put("slot.max.retries", "30");
        configuration.put("publication.name", settings.phase().publicationName());
        configuration.put("publication.autocreate.mode", "disabled");
        configuration.put("snapshot.mode", "no_data");
        configuration.put(AddedTables.SETTING, tableIncludeList(settings.requireTables()));
        configuration.put("provide.transaction.metadata", "true");
        configuration.put("skipped.operations", "none"); // truncates are left out otherwise
        configuration.put("tombstones.on.delete", "false");
        // Ten seconds apart: an outage of ten minutes is sat out. For ever, the default, would also hide a change that
        // can never be read.
        configuration.put("errors.max.retries", "60");
        configuration.put("event.processing.failure.handling.mode", "fail");
        configuration.put("event.converting.failure.handling.mode", "fail"); // the default writes null and goes on
    }

    /** Debezium matches regular expressions against {@code schema.table}, separated by commas. */
    static String tableIncludeList(List<TableName> tables) {
        return CapturedTables.of(tables).stream()
                .map(DebeziumPostgres::tableIncludeEntry)
                .collect(Collectors.joining(","));
    }

    static String tableIncludeEntry(TableName table) {
        return literal(table.schema()) + "\\." + literal(table.name());
    }

    static String literal(String name) {
        StringBuilder regex = new StringBuilder();
        name.codePoints().forEach(character -> {
            if (Character.isLetterOrDigit(character) || character == '_') {
                regex.appendCodePoint(character);
            } else {
                // A code point in hex: a comma would part the list, and blanks around the entries are cut off.
                regex.append("\\x{").append(Integer.toHexString(character)).append('}');
            }
        });
        return regex.toString();
    }

    private static void values(Map<String, String> configuration) {
        configuration.put("decimal.handling.mode", "string");
        configuration.put("time.precision.mode", "microseconds"); // isostring makes 00:00 of 24:00
        configuration.put("binary.handling.mode", "hex");
        configuration.put("interval.handling.mode", "string");
        configuration.put("unavailable.value.placeholder", UnchangedValue.PLACEHOLDER);
        configuration.put("converters", "exact");
        configuration.put("exact.type", ExactText.class.getName());
        configuration.put("exact." + ExactText.UNCHANGED_PLACEHOLDER, UnchangedValue.PLACEHOLDER);
        for (String side : List.of("key", "value")) {
            configuration.put(side + ".converter", "org.apache.kafka.connect.json.JsonConverter");
            configuration.put(side + ".converter.schemas.enable", "false");
            // The default turns a NULL into the default of its column.
            configuration.put(side + ".converter.replace.null.with.default", "false");
        }
    }

    private static void heartbeat(Map<String, String> configuration, ForwardSettings settings) {
        // Names of phases hold letters, digits and hyphens only, so the text needs no escaping.
        String domain = settings.phase().heartbeatDomain();
        // The default of half a second would be most of the time that a change takes, and so of a phase's downtime.
        configuration.put("poll.interval.ms", "50");
        configuration.put(
                "heartbeat.interval.ms", Long.toString(settings.heartbeat().toMillis()));
        configuration.put(
                "heartbeat.action.query",
                "INSERT INTO " + LedgerSchema.WATERMARK + " (domain, marker, written_at) VALUES ('" + domain
                        + "', pg_current_wal_insert_lsn()::text, now())"
                        + " ON CONFLICT (domain) DO UPDATE SET marker = excluded.marker, written_at = excluded.written_at");
    }

    static void messages(Map<String, String> configuration, ForwardSettings settings) {
        int bytesMax = settings.topics().messageBytesMax();
        configuration.put("producer.override.max.request.size", Integer.toString(bytesMax));
        configuration.put(
                "producer.override.buffer.memory", Integer.toString(Math.max(PRODUCER_BUFFER_BYTES_MIN, bytesMax)));
        configuration.put("producer.override.compression.type", "lz4");
        configuration.put("producer.override.acks", "all");
    }

    /** As a reader would group it: the same entries in alphabetical order, secrets masked. */
    static Map<String, String> printable(Map<String, String> configuration) {
        return new LinkedHashMap<>(new TreeMap<>(masked(configuration)));
    }
}
