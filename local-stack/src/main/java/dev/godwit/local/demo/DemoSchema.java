package dev.godwit.local.demo;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tables of the demo, in schema {@code migration_schema}, for PostgreSQL and CockroachDB.
 *
 * <p>All statements may run again and then change nothing. Every table has {@code region} (whose phase the row
 * belongs to) and, but for {@code audit_log}, {@code version} (how often the row was updated). {@code audit_log}
 * holds one row per application transaction: what the transaction did to the number of rows, to the sum of versions
 * and to the sum of money. {@link LostWriteCheck} does these sums again.
 */
public final class DemoSchema {
    public static final String SCHEMA = "migration_schema";

    /** Parents first. */
    public static final List<TableName> TABLES = Stream.of(
                    "departments", "employees", "customers", "orders", "order_items", "payments", "audit_log")
            .map(table -> new TableName(SCHEMA, table))
            .toList();

    static final String STATUS_VALUES = "('new', 'paid', 'shipped', 'on hold', 'it''s \"complicated\"')";

    // int4 and int8 rather than int: that word means 8 bytes on CockroachDB. "vatId" and "references" have to be
    // quoted.
    static final List<String> TABLE_STATEMENTS = List.of("""
            CREATE TABLE IF NOT EXISTS migration_schema.departments (
              id int8 PRIMARY KEY,
              region text NOT NULL,
              name varchar(60) NOT NULL,
              budget numeric(14,2) NOT NULL,
              version int4 NOT NULL)""", """
            CREATE TABLE IF NOT EXISTS migration_schema.employees (
              id int8 PRIMARY KEY,
              region text NOT NULL,
              department_id int8 NOT NULL,
              manager_id int8,
              email varchar(120),
              full_name text NOT NULL,
              salary numeric(12,2) NOT NULL,
              hired_on date NOT NULL,
              active boolean NOT NULL,
              skills text[],
              profile jsonb,
              photo bytea,
              badge uuid NOT NULL,
              changed_at timestamptz NOT NULL,
              version int4 NOT NULL)""", """
            CREATE TABLE IF NOT EXISTS migration_schema.customers (
              id int8 PRIMARY KEY,
              region text NOT NULL,
              name text NOT NULL,
              "vatId" varchar(20),
              note text,
              score double precision,
              created_at timestamp NOT NULL,
              version int4 NOT NULL)""", """
            CREATE TABLE IF NOT EXISTS migration_schema.orders (
              id int8 PRIMARY KEY,
              region text NOT NULL,
              customer_id int8 NOT NULL,
              employee_id int8,
              status migration_schema.order_status NOT NULL,
              total numeric(14,2) NOT NULL,
              placed_at timestamptz NOT NULL,
              deliver_at timestamp,
              remark text,
              attributes jsonb,
              version int4 NOT NULL)""", """
            CREATE TABLE IF NOT EXISTS migration_schema.order_items (
              order_id int8,
              line_no int4,
              region text NOT NULL,
              sku varchar(24) NOT NULL,
              quantity int4 NOT NULL,
              unit_price numeric(10,2) NOT NULL,
              weight_kg double precision,
              gift boolean,
              version int4 NOT NULL,
              PRIMARY KEY (order_id, line_no))""", """
            CREATE TABLE IF NOT EXISTS migration_schema.payments (
              id uuid PRIMARY KEY,
              region text NOT NULL,
              order_id int8 NOT NULL,
              amount numeric(12,2) NOT NULL,
              exchange_rate numeric,
              paid_at timestamptz,
              settled boolean NOT NULL,
              "references" text,
              receipt bytea,
              version int4 NOT NULL)""", """
            CREATE TABLE IF NOT EXISTS migration_schema.audit_log (
              region text,
              writer int4,
              seq int8,
              kind text NOT NULL,
              rows_delta int8 NOT NULL,
              versions_delta int8 NOT NULL,
              money_delta numeric(18,2) NOT NULL,
              written_at timestamptz NOT NULL,
              PRIMARY KEY (region, writer, seq))""");

    private static final List<String> INDEX_STATEMENTS = List.of(
            "CREATE UNIQUE INDEX IF NOT EXISTS employees_email_key ON migration_schema.employees (email)",
            "CREATE UNIQUE INDEX IF NOT EXISTS departments_name_key ON migration_schema.departments (region, name)",
            "CREATE INDEX IF NOT EXISTS employees_department ON migration_schema.employees (department_id)",
            "CREATE INDEX IF NOT EXISTS employees_manager ON migration_schema.employees (manager_id)",
            "CREATE INDEX IF NOT EXISTS orders_customer ON migration_schema.orders (customer_id)",
            "CREATE INDEX IF NOT EXISTS orders_employee ON migration_schema.orders (employee_id)",
            "CREATE INDEX IF NOT EXISTS payments_order ON migration_schema.payments (order_id)");

    private record Reference(String child, String column, String parent) {}

    private static final List<Reference> REFERENCES = List.of(
            new Reference("employees", "department_id", "departments"),
            new Reference("employees", "manager_id", "employees"),
            new Reference("orders", "customer_id", "customers"),
            new Reference("orders", "employee_id", "employees"),
            new Reference("order_items", "order_id", "orders"),
            new Reference("payments", "order_id", "orders"));

    private DemoSchema() {}

    /** Creates everything, as an application has it. The connection must be in auto-commit mode. */
    public static void createTables(Connection source, Product product) throws SQLException {
        createTargetTables(source, product);
        execute(source, finalizeStatements(product));
    }

    /**
     * Creates the tables with their primary keys alone, ready for the load. The connection must be in auto-commit
     * mode.
     */
    public static void createTargetTables(Connection target, Product product) throws SQLException {
        leaveUnlocked(target, product);
        execute(target, targetTableStatements(product));
    }

    /** From v26.1 on CockroachDB locks the schema of new tables, and not every later statement unlocks it by itself. Earlier versions have no such setting. */
    static void leaveUnlocked(Connection target, Product product) throws SQLException {
        if (product == Product.COCKROACHDB) {
            execute(
                    target,
                    List.of("SELECT set_config(name, 'off', false) FROM pg_catalog.pg_settings"
                            + " WHERE name = 'create_table_with_schema_locked'"));
        }
    }

    /** What {@link #createTargetTables} runs, in this order. */
    public static List<String> targetTableStatements(Product product) {
        List<String> statements = new ArrayList<>();
        statements.add("CREATE SCHEMA IF NOT EXISTS " + SCHEMA);
        statements.add(
                switch (product) {
                    case COCKROACHDB ->
                        "CREATE TYPE IF NOT EXISTS migration_schema.order_status AS ENUM " + STATUS_VALUES;
                    case POSTGRESQL ->
                        "DO $$ BEGIN CREATE TYPE migration_schema.order_status AS ENUM " + STATUS_VALUES
                                + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$";
                    case MYSQL, ORACLE -> throw new IllegalArgumentException("the demo does not run on " + product);
                });
        statements.addAll(TABLE_STATEMENTS);
        return List.copyOf(statements);
    }

    /**
     * What was left out for the load: unique and other indexes, foreign keys. For step 5 of a phase, in this order.
     * The second phase finds them there and changes nothing; but it also loads into tables that have them (parents
     * first, then).
     */
    public static List<String> finalizeStatements(Product product) {
        boolean mysql = product == Product.MYSQL;
        List<String> statements = new ArrayList<>();
        INDEX_STATEMENTS.forEach(
                statement -> statements.add(mysql ? statement.replace(" IF NOT EXISTS", "") : statement));
        for (Reference reference : REFERENCES) {
            String name = reference.child + "_" + reference.column + "_fkey";
            String key = name + " FOREIGN KEY (" + reference.column + ") REFERENCES migration_schema."
                    + reference.parent + " (id)";
            String alter = "ALTER TABLE migration_schema." + reference.child + " ADD CONSTRAINT ";
            statements.add(
                    switch (product) {
                        case COCKROACHDB -> alter + "IF NOT EXISTS " + key;
                        // A block asks first: adding it and catching the error would lock both tables for nothing.
                        case POSTGRESQL ->
                            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE conname = '" + name
                                    + "' AND conrelid = 'migration_schema." + reference.child + "'::regclass) THEN "
                                    + alter + key
                                    + "; END IF; END $$";
                        case MYSQL -> alter + key;
                        case ORACLE -> throw new IllegalArgumentException("the demo does not run on " + product);
                    });
        }
        return List.copyOf(statements);
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
