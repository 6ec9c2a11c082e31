package dev.godwit.database.dialect;

import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.type.ColumnType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What differs between database products. Implementations are immutable and thread-safe. */
public interface Dialect {

    /** @throws IllegalArgumentException if this version does not speak to the product */
    static Dialect of(Product product) {
        return of(product, MysqlView.DEFAULT);
    }

    /** As the parameters of the URL say. */
    static Dialect of(Product product, DatabaseUrl url) {
        return of(product, MysqlView.of(url));
    }

    private static Dialect of(Product product, MysqlView view) {
        return switch (product) {
            case POSTGRESQL -> new PostgresDialect();
            case COCKROACHDB -> new CockroachDialect();
            case MYSQL -> new MysqlDialect(view);
            case ORACLE -> throw new IllegalArgumentException("no dialect for " + product + " yet");
        };
    }

    /** Which product this is the dialect of. */
    Product product();

    /** The identifier in quotes, so that any name, also a reserved word, stands for itself. */
    String quote(String identifier);

    /** Schema and table, each in quotes. */
    default String quote(TableName table) {
        return quote(table.schema()) + "." + quote(table.name());
    }

    /** The text as a literal. */
    default String literal(String text) {
        String doubled = text.replace("'", "''");
        // With a backslash in it, so that it does not depend on standard_conforming_strings.
        return doubled.indexOf('\\') < 0 ? "'" + doubled + "'" : "E'" + doubled.replace("\\", "\\\\") + "'";
    }

    /**
     * A number or date that not every product has, as a literal: NaN, an infinity, a date before Christ.
     *
     * @throws dev.godwit.database.RefusedException if this one has not
     */
    default String specialLiteral(String text) {
        return literal(text);
    }

    /**
     * A condition that holds where the text column is one of the literals, character by character, whatever its collation takes for equal.
     *
     * @param column the column in quotes
     */
    default String textIn(String column, List<String> literals) {
        return column + " IN (" + String.join(", ", literals) + ")";
    }

    /** As {@link #textIn} with one literal. */
    default String textIs(String column, String literal) {
        return column + " = " + literal;
    }

    /** The contrary of {@link #textIs}. */
    default String textIsNot(String column, String literal) {
        return column + " <> " + literal;
    }

    /**
     * What to select for a column so that {@link #read} gets its value.
     *
     * @param column the column in quotes, perhaps behind the name of its table and a dot
     */
    default String selected(String column, ColumnType type) {
        return column + "::text";
    }

    /** The value of a column that was {@linkplain #selected selected}, in the one text form that Godwit uses; null for SQL NULL. */
    default String read(ResultSet row, int place, ColumnType type) throws SQLException {
        return row.getString(place);
    }

    /**
     * Reads one row inside the transaction of the connection.
     *
     * @param key in key order
     * @return the columns, each in the one text form that Godwit uses; empty if there is no such row
     */
    default Optional<String[]> row(Connection connection, Table table, List<Column> columns, List<String> key)
            throws SQLException {
        return new RowByKey(this, table, columns).read(connection, key);
    }

    /** Reads the tables and foreign keys of the database, without system schemas and {@code _godwit}. */
    Catalog readCatalog(Connection connection) throws SQLException;

    /**
     * The same for these tables and those that their foreign keys refer to; others may be among them. So that little is read where a database has many
     * tables, or is far away.
     *
     * @param tables at least one; those that do not exist lack
     */
    Catalog readCatalog(Connection connection, Collection<TableName> tables) throws SQLException;

    /**
     * Inserts rows, or overwrites the given columns of those that exist.
     *
     * @param columns all columns that are sent; must contain the primary key
     */
    RowWrite upsert(Table table, List<Column> columns);

    /**
     * Overwrites columns of rows that exist; others are left as they are and not counted.
     *
     * @param columns all columns that are sent; must contain the primary key
     */
    RowWrite update(Table table, List<Column> columns);

    /**
     * Deletes rows by primary key.
     *
     * @param slice deletes only those of the rows that belong to this slice at the moment of the delete
     */
    RowWrite delete(Table table, Optional<RowFilter> slice);

    /**
     * What a session that applies changes sets first; one statement each.
     *
     * @param version the server's own words for its version
     */
    default List<String> writerSession(String version) {
        return List.of();
    }

    /** Present where the rows of a batch have to be told by another form than their own text. */
    default Optional<RowImages> rowImages() {
        return Optional.empty();
    }

    /**
     * Whether a foreign key is checked with each row of a statement, and not at its end: then rows of one table that refer to each other can
     * neither come nor go by one statement, and a row that refers to itself cannot go at all.
     */
    default boolean checksForeignKeysByRow() {
        return false;
    }

    /** Whether a decimal NaN is greater than every number, as in PostgreSQL; if not, it is less. */
    default boolean ordersNotANumberLast() {
        return true;
    }

    /** Looks through causes and next-exception chains. Never null. */
    FailureClass classify(SQLException failure);
}
