package dev.godwit.database.dialect;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.filter.RowFilter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** CockroachDB speaks PostgreSQL's protocol and takes its array statements; only the catalog differs in places. */
final class CockroachDialect implements Dialect {
    private final Dialect postgres = new PostgresDialect();

    @Override
    public Product product() {
        return Product.COCKROACHDB;
    }

    @Override
    public String quote(String identifier) {
        return postgres.quote(identifier);
    }

    @Override
    public Catalog readCatalog(Connection connection) throws SQLException {
        return new CockroachCatalogReader(connection).read();
    }

    @Override
    public RowWrite upsert(Table table, List<Column> columns) {
        return postgres.upsert(table, columns);
    }

    @Override
    public RowWrite update(Table table, List<Column> columns) {
        return postgres.update(table, columns);
    }

    @Override
    public RowWrite delete(Table table, Optional<RowFilter> slice) {
        return postgres.delete(table, slice);
    }

    @Override
    public boolean ordersNotANumberLast() {
        return false;
    }

    @Override
    public FailureClass classify(SQLException failure) {
        return SqlStates.classify(failure);
    }
}
