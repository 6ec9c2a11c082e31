package dev.godwit.connectors;

import dev.godwit.connectors.plugin.MysqlExactText;
import dev.godwit.connectors.plugin.WholeTransactionsMysqlConnector;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/** Builds the configuration of Debezium's MySQL connector for one phase. Why each setting is as it is stands in docs/mysql.md. */
final class DebeziumMysql {
    /** What may be set from outside: how Connect reaches the database and the broker, and how fast. Everything else decides correctness. */
    private static final Pattern MAY_BE_SET =
            Pattern.compile("database\\.(hostname|port|user|server\\.id|ssl\\..*|query\\.timeout\\.ms)"
                    + "|schema\\.history\\.internal\\.(kafka\\.bootstrap\\.servers|(producer|consumer)\\..*)"
                    + "|producer\\.override\\..*|max\\.(batch|queue)\\.size(\\.in\\.bytes)?|poll\\.interval\\.ms|connect\\..*"
                    + "|errors\\.max\\.retries|errors\\.retry\\..*|heartbeat\\.interval\\.ms|exactly\\.once\\.support");

    /** Servers of a replication group are numbered by their owners, mostly with small numbers. */
    private static final long SERVER_ID_MIN = 1_000_000_000L;

    private DebeziumMysql() {}

    /** The topic in which Debezium keeps the history of the tables' definitions. */
    static String historyTopic(ForwardSettings settings) {
        return settings.phase().topicPrefix() + ".schema-history";
    }

    /**
     * @param snapshotMode {@code recovery} makes the history of definitions anew at the start; {@code no_data} trusts the one that is there
     * @return the configuration, with the password
     * @throws RefusedException if a setting was given that may not be changed
     */
    static Map<String, String> configuration(ForwardSettings settings, String snapshotMode) {
        Map<String, String> configuration = new TreeMap<>();
        place(configuration, settings);
        capture(configuration, settings);
        configuration.put("snapshot.mode", snapshotMode);
        history(configuration, settings);
        values(configuration);
        DebeziumPostgres.messages(configuration, settings);
        heartbeat(configuration, settings);
        settings.more().forEach((key, value) -> {
            if (!MAY_BE_SET.matcher(key).matches()) {
                throw new RefusedException(
                        "the connector setting " + key + " cannot be changed",
                        "leave it out; correctness depends on it");
            }
            configuration.put(key, value);
        });
        return configuration;
    }

    private static void place(Map<String, String> configuration, ForwardSettings settings) {
        DatabaseUrl url = settings.source().url();
        configuration.put("connector.class", WholeTransactionsMysqlConnector.class.getName());
        configuration.put("tasks.max", "1");
        configuration.put("database.hostname", url.host());
        configuration.put("database.port", Integer.toString(url.port()));
        configuration.put("database.user", url.user());
        configuration.put(
                "database.password", settings.connectDatabasePassword().orElse(url.password()));
        configuration.put(
                "database.server.id", Long.toString(serverId(settings.phase().domain())));
        configuration.put("topic.prefix", settings.phase().topicPrefix());
    }

    /** Two readers of one server must not have the same. */
    private static long serverId(String domain) {
        CRC32 hash = new CRC32();
        hash.update(domain.getBytes(StandardCharsets.UTF_8));
        return SERVER_ID_MIN + hash.getValue() % 3_000_000_000L;
    }

    /** A regular expression for {@code database.table}, without a comma. */
    static String tableIncludeEntry(ForwardSettings settings, TableName table) {
        return DebeziumPostgres.literal(settings.phase().database(settings.source(), table)) + "\\."
                + DebeziumPostgres.literal(table.name());
    }

    private static void capture(Map<String, String> configuration, ForwardSettings settings) {
        configuration.put(
                AddedTables.SETTING,
                CapturedTables.of(settings.requireTables()).stream()
                        .map(table -> tableIncludeEntry(settings, table))
                        .collect(Collectors.joining(",")));
        configuration.put("provide.transaction.metadata", "true");
        configuration.put("include.schema.changes", "false"); // the plug-in reads them all the same
        configuration.put("skipped.operations", "none"); // truncates are left out otherwise
        configuration.put("tombstones.on.delete", "false");
        // The definitions alone are read at the first start, and they must not change while a phase replicates.
        configuration.put("snapshot.locking.mode", "none");
        configuration.put("errors.max.retries", "60");
        // A lost connection is noticed by looking whether anything has come within this time, and only then opened
        // anew; by default that takes
        // up to two minutes, in which the task calls itself running.
        configuration.put("connect.keep.alive.interval.ms", "3000");
        configuration.put("event.processing.failure.handling.mode", "fail");
        configuration.put("event.converting.failure.handling.mode", "fail"); // the default writes null and goes on
        configuration.put("inconsistent.schema.handling.mode", "fail");
        configuration.put("gtid.source.filter.dml.events", "false");
    }

    private static void history(Map<String, String> configuration, ForwardSettings settings) {
        configuration.put("schema.history.internal.kafka.topic", historyTopic(settings));
        configuration.put("schema.history.internal.kafka.bootstrap.servers", settings.bootstrapServers());
        configuration.put("schema.history.internal.store.only.captured.tables.ddl", "true");
        settings.clientSettings().forEach((key, value) -> {
            configuration.put("schema.history.internal.producer." + key, value);
            configuration.put("schema.history.internal.consumer." + key, value);
        });
    }

    private static void values(Map<String, String> configuration) {
        configuration.put("decimal.handling.mode", "string");
        configuration.put("bigint.unsigned.handling.mode", "precise"); // long overflows
        configuration.put("time.precision.mode", "microseconds");
        configuration.put("binary.handling.mode", "hex");
        configuration.put("enable.time.adjuster", "false"); // the year 50 stays the year 50
        configuration.put("converters", "exact");
        configuration.put("exact.type", MysqlExactText.class.getName());
        for (String side : List.of("key", "value")) {
            configuration.put(side + ".converter", "org.apache.kafka.connect.json.JsonConverter");
            configuration.put(side + ".converter.schemas.enable", "false");
            configuration.put(side + ".converter.decimal.format", "NUMERIC"); // bigint unsigned
            // The default turns a NULL into the default of its column.
            configuration.put(side + ".converter.replace.null.with.default", "false");
        }
    }

    private static void heartbeat(Map<String, String> configuration, ForwardSettings settings) {
        configuration.put("poll.interval.ms", "50");
        configuration.put(
                "heartbeat.interval.ms", Long.toString(settings.heartbeat().toMillis()));
        configuration.put("heartbeat.action.query", heartbeatQuery(settings));
    }

    static String heartbeatQuery(ForwardSettings settings) {
        return "INSERT INTO " + LedgerSchema.WATERMARK + " (domain, marker, written_at) VALUES ('"
                + settings.phase().heartbeatDomain()
                + "', '0', now(6)) ON DUPLICATE KEY UPDATE written_at = now(6)";
    }
}
