package dev.godwit.connectors.plugin.source;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The statements of the feed's session. */
final class FeedSql {
    static final String VERSION = "SELECT version()";

    /** Nothing may end a session that only listens. In this form a BYTES value is {@code \x} and hex, which is exact. */
    static final List<String> SESSION = List.of(
            "SET bytea_output = 'hex'",
            "SET statement_timeout = 0",
            "SET idle_in_session_timeout = 0",
            "SET idle_in_transaction_session_timeout = 0");

    private static final Pattern RELEASE = Pattern.compile("CockroachDB \\S+ v(\\d+)\\.(\\d+)");

    private FeedSql() {}

    /**
     * @param version the server's words for its version
     * @throws IllegalArgumentException if this is no CockroachDB
     */
    static String changefeed(SourceConfig config, FeedPosition cursor, String version) {
        String interval = "'" + config.resolved().toMillis() + "ms'";
        List<String> options =
                new ArrayList<>(List.of("updated", "key_in_value", "envelope='wrapped'", "format='json'"));
        if (config.getBoolean(SourceConfig.DIFF)) {
            options.add("diff");
        }
        options.add("full_table_name");
        options.add("resolved=" + interval);
        options.add("min_checkpoint_frequency=" + interval);
        options.add("cursor='" + cursor + "'"); // no initial scan comes with a cursor
        if (isAtLeast(version, 24, 3)) {
            options.add("encode_json_value_null_as_object"); // JSON null and SQL NULL look the same before
        }
        String verb = isAtLeast(version, 22, 2) ? "CREATE CHANGEFEED FOR TABLE " : "EXPERIMENTAL CHANGEFEED FOR TABLE ";
        return verb + config.tables().stream().map(WatchedTable::sql).collect(Collectors.joining(", ")) + " WITH "
                + String.join(", ", options);
    }

    private static boolean isAtLeast(String version, int year, int release) {
        Matcher matcher = RELEASE.matcher(version);
        if (!matcher.find()) {
            throw new IllegalArgumentException("this is no CockroachDB: " + version);
        }
        int serverYear = Integer.parseInt(matcher.group(1));
        return serverYear != year ? serverYear > year : Integer.parseInt(matcher.group(2)) >= release;
    }
}
