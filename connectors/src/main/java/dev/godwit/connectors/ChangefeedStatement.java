package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The {@code CREATE CHANGEFEED} of a phase's failback.
 *
 * @param database the database of the tables on the target
 * @param tables the tables of the phase, without those of {@code _godwit}
 * @param bootstrapServers as CockroachDB reaches the broker
 * @param sinkParameters parameters of the Kafka sink, for example {@code sasl_user}; values not encoded
 * @param cursor the timestamp after which changes are sent: {@code cluster_logical_timestamp()} when forward replication had stopped
 * @param resolved how often the feed says up to where it has come; a change is applied that much later at most
 */
public record ChangefeedStatement(
        PhaseDirection phase,
        CockroachVersion version,
        String database,
        List<TableName> tables,
        String bootstrapServers,
        Map<String, String> sinkParameters,
        String cursor,
        Duration resolved) {
    private static final Pattern CURSOR = Pattern.compile("\\d+(\\.\\d{1,10})?");
    private static final Pattern SERVERS = Pattern.compile("[a-zA-Z0-9._:\\[\\]-]+(,[a-zA-Z0-9._:\\[\\]-]+)*");
    private static final String RESERVED_PARAMETER = "topic_prefix";

    public ChangefeedStatement {
        if (phase.direction() != Direction.FAILBACK) {
            throw new IllegalArgumentException(phase + " is not a failback direction");
        }
        if (tables.isEmpty()) {
            throw new RefusedException("phase " + phase.phase() + " has no tables", "name at least one table");
        }
        if (!CURSOR.matcher(cursor).matches()) {
            throw new RefusedException(
                    "\"" + cursor + "\" is not a CockroachDB timestamp",
                    "take what SELECT cluster_logical_timestamp() gives");
        }
        if (!SERVERS.matcher(bootstrapServers).matches()) {
            throw new RefusedException(
                    "\"" + bootstrapServers + "\" is not a list of Kafka servers", "write host:port,host:port");
        }
        SinkParameters.check(sinkParameters);
        if (sinkParameters.containsKey(RESERVED_PARAMETER)) {
            throw new RefusedException(
                    "the sink parameter topic_prefix cannot be changed", "leave it out; it is made from the phase");
        }
        if (resolved.toMillis() < 1) {
            throw new RefusedException(
                    "resolved timestamps cannot come every " + resolved.toMillis() + " ms", "give for example 1s");
        }
        tables = List.copyOf(new TreeSet<>(tables));
        sinkParameters = Map.copyOf(sinkParameters);
    }

    /** The statement, with all secrets unless they are in an external connection: to be run and never shown. */
    public String sql() {
        return render(usesExternalConnection() ? externalUri() : sink(sinkParameters));
    }

    /**
     * Puts the sink with its secrets away in the cluster, so that they stand neither in the job nor in {@code SHOW CHANGEFEED JOBS} nor
     * in the statement's log. Empty if there are no secrets, or if the version (before v22.2) has no such thing.
     */
    public Optional<String> externalConnectionSql() {
        return usesExternalConnection()
                ? Optional.of("CREATE EXTERNAL CONNECTION " + identifier(externalConnection()) + " AS "
                        + literal(sink(sinkParameters)))
                : Optional.empty();
    }

    /** Everything that is run, with secrets masked. */
    public String printable() {
        Map<String, String> masked = new TreeMap<>();
        sinkParameters.forEach((key, value) -> masked.put(key, SinkParameters.isSecret(key) ? Secrets.MASK : value));
        return usesExternalConnection()
                ? "CREATE EXTERNAL CONNECTION " + identifier(externalConnection()) + " AS " + literal(sink(masked))
                        + ";\n" + render(externalUri())
                : render(sink(masked));
    }

    private boolean usesExternalConnection() {
        return version.isAtLeast(22, 2) && sinkParameters.keySet().stream().anyMatch(SinkParameters::isSecret);
    }

    String externalConnection() {
        return externalConnection(phase);
    }

    /** Names of external connections belong to the whole cluster. */
    static String externalConnection(PhaseDirection phase) {
        return "godwit_" + phase.domain().toLowerCase(Locale.ROOT).replace('-', '_');
    }

    private String externalUri() {
        return "external://" + externalConnection();
    }

    /** What tells this changefeed from others in {@code SHOW CHANGEFEED JOBS}: it stands in its sink URI. */
    static String mark(PhaseDirection phase) {
        return RESERVED_PARAMETER + "=" + phase.topicPrefix() + ".";
    }

    /** The tables of the phase and those of {@code _godwit} that travel with them. */
    List<TableName> captured() {
        return CapturedTables.of(tables);
    }

    /** All topics that the changefeed sends to. */
    public List<String> topicNames() {
        return captured().stream()
                .map(table -> phase.failbackTopic(database, table))
                .toList();
    }

    private String render(String sink) {
        String targets = captured().stream()
                .map(table -> identifier(database) + "." + identifier(table.schema()) + "." + identifier(table.name()))
                .reduce((left, right) -> left + ",\n  " + right)
                .orElseThrow();
        return "CREATE CHANGEFEED FOR TABLE\n  " + targets + "\nINTO " + literal(sink) + "\nWITH "
                + String.join(",\n  ", options());
    }

    private List<String> options() {
        String interval = literal(resolved.toMillis() + "ms");
        List<String> options = new ArrayList<>(List.of(
                "updated",
                "diff",
                "key_in_value",
                "envelope='wrapped'",
                "format='json'",
                "full_table_name",
                "resolved=" + interval,
                // Resolved timestamps come no oftener than checkpoints, which are made every 30 s unless said
                // otherwise.
                "min_checkpoint_frequency=" + interval,
                "initial_scan='no'",
                "cursor=" + literal(cursor),
                "on_error='pause'",
                "kafka_sink_config='{\"RequiredAcks\":\"ALL\"}'"));
        if (!version.isAtLeast(23, 2)) {
            options.add("protect_data_from_gc_on_pause"); // later versions do so by themselves, for four days
        }
        if (version.isAtLeast(24, 3)) {
            options.add("encode_json_value_null_as_object"); // JSON null and SQL NULL look the same before
        }
        return options;
    }

    private String sink(Map<String, String> parameters) {
        StringBuilder uri = new StringBuilder("kafka://")
                .append(bootstrapServers)
                .append('?')
                .append(mark(phase));
        new TreeMap<>(parameters).forEach((key, value) -> uri.append('&')
                .append(encoded(key))
                .append('=')
                .append(value.equals(Secrets.MASK) ? value : encoded(value)));
        return uri.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
