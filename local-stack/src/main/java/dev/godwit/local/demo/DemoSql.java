package dev.godwit.local.demo;

import dev.godwit.database.Product;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The application's statements and values on one side of a migration. With a MySQL source the tables have MySQL's types on both sides:
 * no arrays, no uuid ({@link MysqlDemoSchema}).
 *
 * @param source the product of the migration's source
 * @param side the product that is spoken to
 */
record DemoSql(Product source, Product side) {
    private static final Pattern RETURNING = Pattern.compile("DELETE FROM (\\S+)( WHERE .*) RETURNING (.*)");

    boolean isMysql() {
        return side == Product.MYSQL;
    }

    /** For a connection that was just opened. */
    void prepare(Connection connection) throws SQLException {
        if (isMysql()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')");
            }
        }
    }

    String statement(String sql) {
        if (source == Product.MYSQL && !isMysql()) {
            return sql.replace("CAST(? AS migration_schema.order_status)", "CAST(? AS text)");
        }
        return isMysql()
                ? sql.replaceAll("CAST\\(\\? AS (jsonb|migration_schema\\.order_status)\\)", "?")
                        .replace("CAST(0 AS numeric)", "CAST(0 AS DECIMAL(1, 0))")
                : sql;
    }

    /** A delete that returns what it deletes, in two statements where the product has none. */
    record Delete(String select, String delete) {}

    /** Empty where the product takes the statement as it is. */
    Optional<Delete> delete(String sql) {
        if (!isMysql()) {
            return Optional.empty();
        }
        Matcher parts = RETURNING.matcher(statement(sql));
        if (!parts.matches()) {
            throw new IllegalArgumentException(sql);
        }
        String rows = " FROM " + parts.group(1) + parts.group(2);
        return Optional.of(new Delete("SELECT " + parts.group(3) + rows + " FOR UPDATE", "DELETE" + rows));
    }

    Object value(Object value) {
        if (source != Product.MYSQL) {
            return value;
        }
        if (value instanceof Boolean truth) {
            return isMysql() ? truth ? 1 : 0 : truth;
        }
        if (value instanceof UUID || value instanceof Region) {
            return value.toString();
        }
        if (value instanceof String[] elements) {
            return String.join("|", elements);
        }
        return isMysql() && value instanceof OffsetDateTime moment
                ? LocalDateTime.ofInstant(moment.toInstant(), ZoneOffset.UTC)
                : value;
    }
}
