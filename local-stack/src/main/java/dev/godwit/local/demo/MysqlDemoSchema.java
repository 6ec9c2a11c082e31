package dev.godwit.local.demo;

import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.Product;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The tables of {@link DemoSchema} in MySQL's types: on a MySQL source, and on the target of one. */
public final class MysqlDemoSchema {
    /** What has no counterpart in MySQL, replaced on both sides. */
    private static final String[][] COMMON = {
        {"skills text[]", "skills text"},
        {"badge uuid", "badge char(36)"},
        {"id uuid PRIMARY KEY", "id char(36) PRIMARY KEY"},
        {"region text", "region varchar(20)"},
        {"exchange_rate numeric,", "exchange_rate numeric(50,12),"},
    };

    /** In this order: timestamptz is looked for before timestamp. */
    private static final String[][] MYSQL = {
        {"migration_schema.order_status", "ENUM" + DemoSchema.STATUS_VALUES},
        {"\"vatId\"", "`vatId`"},
        {"\"references\"", "`references`"},
        {"int8", "BIGINT"},
        {"int4", "INT"},
        {"int2", "TINYINT"},
        {"boolean", "BOOLEAN"},
        {"timestamptz", "MOMENT"},
        {"timestamp", "DATETIME(6)"},
        {"MOMENT", "TIMESTAMP(6)"},
        {"bytea", "MEDIUMBLOB"},
        {"jsonb", "JSON"},
        {"double precision", "DOUBLE"},
    };

    private static final String[][] TARGET = {{"status migration_schema.order_status", "status text"}};

    private MysqlDemoSchema() {}

    /** How Godwit is to see a database that is called {@link DemoSchema#SCHEMA}: in the schema of that name, with booleans, which MySQL keeps as numbers, and a status that the target keeps as text. */
    public static DatabaseUrl sourceUrl(DatabaseUrl database) {
        return DatabaseUrl.parse(
                "source", database.withPassword() + "?schema=" + DemoSchema.SCHEMA + "&bool=*&string=orders.status");
    }

    /** Creates everything on MySQL, as an application has it, in the database {@code migration_schema}. */
    public static void createTables(Connection source) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (String table : DemoSchema.TABLE_STATEMENTS) {
            statements.add(replaced(replaced(table, COMMON), MYSQL));
        }
        DemoSchema.finalizeStatements(Product.MYSQL).forEach(statements::add);
        execute(source, statements);
    }

    /** Creates the tables of the target with their primary keys alone, ready for the load. */
    public static void createTargetTables(Connection target, Product product) throws SQLException {
        DemoSchema.leaveUnlocked(target, product);
        List<String> statements = new ArrayList<>();
        DemoSchema.targetTableStatements(product)
                .forEach(statement -> statements.add(replaced(replaced(statement, COMMON), TARGET)));
        execute(target, statements);
    }

    private static String replaced(String text, String[][] replacements) {
        String result = text;
        for (String[] replacement : replacements) {
            result = result.replace(replacement[0], replacement[1]);
        }
        return result;
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
