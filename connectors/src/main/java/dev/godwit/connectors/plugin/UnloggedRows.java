package dev.godwit.connectors.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Stops at statements that take rows away, or bring some, which MySQL's log does not name: a captured table is dropped, or its database; a partition of it is truncated, dropped,
 * or exchanged with a table; its file is taken away or brought. Debezium goes on as if nothing had happened, and the replication target would keep such rows, or lack them, for good.
 *
 * <p>Debezium tells statements by records of a topic of their own ({@code include.schema.changes}). They end here, and none comes to Kafka.
 *
 * <p>Everything before the statement is sent, nothing behind it, and no position behind it is stored: so it is met again after each restart. Not thread-safe.
 */
final class UnloggedRows {
    /** In what stands between quotation marks, and in comments, any word may stand; but MySQL carries out what stands in comments with an exclamation mark. */
    private static final Pattern QUOTED_OR_COMMENT = Pattern.compile(
            "'(?:[^'\\\\]++|\\\\.|'')*+'|\"(?:[^\"\\\\]++|\\\\.|\"\")*+\"|`[^`]*+`"
                    + "|/\\*(?!!).*?\\*/|(?:--\\s|#)[^\\n]*+",
            Pattern.DOTALL);

    private static final Pattern EXECUTED_COMMENT = Pattern.compile("/\\*!\\d*|\\*/");
    private static final Pattern UNLOGGED = Pattern.compile(
            "\\b(?:(?:TRUNCATE|DROP|EXCHANGE)\\s+PARTITION|(?:DISCARD|IMPORT)\\s+(?:PARTITION\\s.*\\s)?TABLESPACE)\\b",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final int STATEMENT_SHOWN_MAX = 100;

    private static final Pattern DROPPED_DATABASE =
            Pattern.compile("\\s*DROP\\s+(?:DATABASE|SCHEMA)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final String statementTopic;
    private final List<Pattern> tables;
    private ConnectException stop;

    /**
     * @param statementTopic where Debezium would tell changes of tables
     * @param tables Debezium's {@code table.include.list}: patterns of {@code database.table}, with commas between
     */
    UnloggedRows(String statementTopic, String tables) {
        this.statementTopic = statementTopic;
        this.tables =
                Pattern.compile(",").splitAsStream(tables).map(Pattern::compile).toList();
    }

    /** @throws ConnectException if everything before such a statement was given out */
    void stopIfMet() {
        if (stop != null) {
            throw stop;
        }
    }

    /** @return what comes before such a statement; everything, if there is none */
    List<SourceRecord> before(List<SourceRecord> records) {
        List<SourceRecord> before = new ArrayList<>(records.size());
        for (SourceRecord record : records) {
            if (!statementTopic.equals(record.topic())) {
                before.add(record);
            } else if (record.value() instanceof Struct statement && isUnlogged(statement)) {
                stop = stop(statement);
                return before;
            }
        }
        return before;
    }

    private boolean isUnlogged(Struct statement) {
        String snapshot = statement.getStruct("source").getString("snapshot");
        String ddl = statement.getString("ddl");
        if (ddl == null || (snapshot != null && !snapshot.equals("false"))) {
            return false; // Debezium's own, for the history of definitions
        }
        return statement.getArray("tableChanges").stream()
                        .anyMatch(change -> ((Struct) change).getString("type").equals("DROP"))
                || (DROPPED_DATABASE.matcher(words(ddl)).matches()
                        && tables.stream().anyMatch(table -> isIn(statement.getString("databaseName"), table)))
                || isUnlogged(ddl);
    }

    /** Whether the name of a captured table may begin with that of the database. */
    private static boolean isIn(String database, Pattern table) {
        Matcher beginning = table.matcher(database + ".");
        return !beginning.matches() && beginning.hitEnd();
    }

    static boolean isUnlogged(String ddl) {
        return UNLOGGED.matcher(words(ddl)).find();
    }

    private static String words(String ddl) {
        String bare = QUOTED_OR_COMMENT
                .matcher(ddl)
                .replaceAll(match -> "'\"`".indexOf(match.group().charAt(0)) >= 0 ? " x " : " ");
        return EXECUTED_COMMENT.matcher(bare).replaceAll(" ");
    }

    private static ConnectException stop(Struct statement) {
        Struct source = statement.getStruct("source");
        String ddl = statement.getString("ddl").replaceAll("\\s+", " ");
        String shown = ddl.length() > STATEMENT_SHOWN_MAX ? ddl.substring(0, STATEMENT_SHOWN_MAX) + "..." : ddl;
        String table = source.getString("table") == null ? "" : "." + source.getString("table");
        return new ConnectException(
                "\"" + shown + "\" (" + source.getString("db") + table + ", GTID "
                        + source.getString("gtid") + ", " + source.getString("file") + ":" + source.getInt64("pos")
                        + ") takes rows away, or brings some, that MySQL's log does not name; what is before it was sent, what is behind it"
                        + " was not: load the phase again, or do the same on the target and pass the statement by, as docs/mysql.md says");
    }
}
