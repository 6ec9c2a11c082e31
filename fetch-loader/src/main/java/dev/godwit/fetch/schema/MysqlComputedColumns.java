package dev.godwit.fetch.schema;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.mysql.MysqlProblem;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * How the computed columns of a table of MySQL are computed on the target.
 *
 * @param expressions by the name of the column; SQL of the target
 * @param problems those that are not sure to mean the same there
 */
public record MysqlComputedColumns(Map<String, String> expressions, List<MysqlProblem> problems) {
    public MysqlComputedColumns {
        expressions = Map.copyOf(expressions);
        problems = List.copyOf(problems);
    }

    /**
     * Reads, and writes nothing.
     *
     * @param table without the columns that are left out
     */
    public static MysqlComputedColumns read(Connection source, Dialect target, Table table, TypeMapFile types)
            throws SQLException {
        Map<String, String> expressions = new HashMap<>();
        List<MysqlProblem> problems = new ArrayList<>();
        if (table.columns().stream().allMatch(Column::isWritable)) {
            return new MysqlComputedColumns(expressions, problems);
        }
        MysqlTranslation translation = new MysqlTranslation(
                target, table, column -> types.typeOf(table.name(), column).isPresent());
        Map<String, byte[]> kept = kept(source, table);
        for (Column column : table.columns()) {
            if (column.isWritable()) {
                continue;
            }
            byte[] expression = kept.getOrDefault(column.name(), new byte[0]);
            try {
                String type = targetType(target, column);
                expressions.put(
                        column.name(),
                        translation.translate(column, type, MysqlExpressionParser.parse(decoded(expression))));
            } catch (UnsureExpressionException e) {
                problems.add(problem(table, column, shown(expression), e.getMessage()));
            }
        }
        return new MysqlComputedColumns(expressions, problems);
    }

    /** As bytes: characters beyond ASCII stand there converted once too often (8.0.33), and could become question marks on the way. */
    private static Map<String, byte[]> kept(Connection source, Table table) throws SQLException {
        Map<String, byte[]> kept = new HashMap<>();
        try (PreparedStatement statement =
                source.prepareStatement("SELECT column_name AS c, hex(generation_expression) AS e"
                        + " FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?"
                        + " AND generation_expression <> ''")) {
            statement.setString(1, table.name().name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    kept.put(row.getString("c"), HexFormat.of().parseHex(row.getString("e")));
                }
            }
        }
        return kept;
    }

    private static String targetType(Dialect target, Column column) throws UnsureExpressionException {
        if (!column.type().isSupported()) {
            throw new UnsureExpressionException("its type is " + column.type());
        }
        return MysqlTargetTypes.of(target.product(), column.type(), "");
    }

    private static MysqlProblem problem(Table table, Column column, String expression, String why) {
        return new MysqlProblem(
                "column \"" + column.name() + "\" of table " + table + " is computed by " + expression
                        + ", which is not sure to mean the same on the target: " + why,
                "make the table on the target yourself, with the column computed there, and choose the table handling none or"
                        + " truncate-if-exists; or leave the column out by a transformation");
    }

    private static String decoded(byte[] stored) throws UnsureExpressionException {
        for (byte one : stored) {
            if (one < 0) {
                throw new UnsureExpressionException(
                        "a character beyond ASCII, which MySQL's dictionary does not keep as it was written");
            }
        }
        return withoutOuterEscapes(new String(stored, StandardCharsets.US_ASCII));
    }

    private static String shown(byte[] stored) {
        String text = new String(stored, StandardCharsets.UTF_8);
        try {
            return withoutOuterEscapes(text);
        } catch (UnsureExpressionException e) {
            return text;
        }
    }

    /** The dictionary keeps the expression as if it were the inside of a text: {@code concat(_utf8mb4\'it\\\'s\')}. */
    private static String withoutOuterEscapes(String stored) throws UnsureExpressionException {
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < stored.length(); i++) {
            char c = stored.charAt(i);
            if (c == '\\') {
                i++;
                c = MysqlExpressionLexer.unescaped(i < stored.length() ? stored.charAt(i) : '\0');
            }
            expression.append(c);
        }
        return expression.toString();
    }
}
