package dev.godwit.verify.structure;

import dev.godwit.database.catalog.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@link TableFacts} from MySQL's {@code information_schema}. */
final class MysqlFactsReader {
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]+)?");
    /** In checks and expressions MySQL shows the character set of each literal. */
    private static final Pattern INTRODUCER = Pattern.compile("_[a-z0-9]+(?=\\\\?')");

    private final Statement statement;
    private final Map<String, TableName> names;
    private final Map<TableName, TableFacts> facts = new HashMap<>();

    private MysqlFactsReader(Statement statement, Map<String, TableName> names) {
        this.statement = statement;
        this.names = names;
    }

    static Map<TableName, TableFacts> read(Statement statement, Collection<TableName> tables) throws SQLException {
        MysqlFactsReader reader = new MysqlFactsReader(
                statement,
                tables.stream()
                        .collect(Collectors.toMap(TableName::name, Function.identity(), (first, second) -> first)));
        reader.readColumns();
        reader.readChecks();
        reader.readIndexes();
        return reader.facts;
    }

    private TableFacts of(String table) {
        TableName name = names.get(table);
        return name == null ? new TableFacts() : facts.computeIfAbsent(name, key -> new TableFacts());
    }

    private void readColumns() throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT table_name, column_name, column_default, extra, collation_name,"
                        + " data_type FROM information_schema.columns WHERE table_schema = DATABASE()")) {
            while (row.next()) {
                TableFacts table = of(row.getString(1));
                if (row.getString(3) != null) {
                    table.defaults.put(
                            row.getString(2), defaultWords(row.getString(3), row.getString(4), row.getString(6)));
                }
                if (row.getString(5) != null) {
                    table.collations.put(
                            row.getString(2),
                            row.getString(5).equals("utf8mb4_0900_bin")
                                    ? FactsReader.BY_CODE_POINT
                                    : "as in collation " + row.getString(5));
                }
            }
        }
    }

    /** A text is shown without its quotes, unless it stands in an expression. */
    private static String defaultWords(String shown, String extra, String type) {
        boolean expression = extra.contains("DEFAULT_GENERATED");
        boolean plain = NUMBER.matcher(shown).matches() && !type.contains("char") && !type.contains("text");
        return ExpressionText.normalized(
                expression ? expressionWords(shown) : plain ? shown : "'" + shown.replace("'", "''") + "'");
    }

    private static String expressionWords(String shown) {
        return INTRODUCER.matcher(shown).replaceAll("").replace("\\'", "'").replace("`", "");
    }

    private void readChecks() throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT t.table_name, c.check_clause"
                + " FROM information_schema.table_constraints t JOIN information_schema.check_constraints c"
                + " ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name"
                + " WHERE t.table_schema = DATABASE() AND t.constraint_type = 'CHECK'")) {
            while (row.next()) {
                of(row.getString(1)).checks.add(ExpressionText.normalized(expressionWords(row.getString(2))));
            }
        }
    }

    private void readIndexes() throws SQLException {
        Map<String, Map<String, String>> indexes = new LinkedHashMap<>();
        try (ResultSet row = statement.executeQuery("SELECT table_name, index_name, coalesce(column_name, expression),"
                + " collation, sub_part FROM information_schema.statistics WHERE table_schema = DATABASE() AND non_unique = 1"
                + " ORDER BY table_name, index_name, seq_in_index")) {
            while (row.next()) {
                String part = row.getString(3)
                        + (row.getString(5) == null ? "" : "(" + row.getString(5) + ")")
                        + ("D".equals(row.getString(4)) ? " DESC" : "");
                indexes.computeIfAbsent(row.getString(1), table -> new LinkedHashMap<>())
                        .merge(row.getString(2), part, (before, next) -> before + ", " + next);
            }
        }
        indexes.forEach((table, parts) ->
                parts.values().forEach(words -> of(table).indexes.add("(" + words + ")")));
    }
}
