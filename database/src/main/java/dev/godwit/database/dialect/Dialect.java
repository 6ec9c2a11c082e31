package dev.godwit.database.dialect;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What differs between database products. Implementations are immutable and thread-safe. */
public interface Dialect {

    /** @throws IllegalArgumentException if this version does not speak to the product */
    static Dialect of(Product product) {
        return switch (product) {
            case POSTGRESQL -> new PostgresDialect();
            case COCKROACHDB -> new CockroachDialect();
            case MYSQL, ORACLE -> throw new IllegalArgumentException("no dialect for " + product + " yet");
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

    /** Reads the tables and foreign keys of the database, without system schemas and {@code _godwit}. */
    Catalog readCatalog(Connection connection) throws SQLException;

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

    /** Whether a decimal NaN is greater than every number, as in PostgreSQL; if not, it is less. */
    default boolean ordersNotANumberLast() {
        return true;
    }

    /** Looks through causes and next-exception chains. Never null. */
    FailureClass classify(SQLException failure);
}
