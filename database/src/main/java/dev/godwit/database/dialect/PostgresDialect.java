package dev.godwit.database.dialect;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

final class PostgresDialect implements Dialect {
    private final ArrayWriteSql sql = new ArrayWriteSql(this);

    @Override
    public Product product() {
        return Product.POSTGRESQL;
    }

    @Override
    public String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public Catalog readCatalog(Connection connection) throws SQLException {
        return new PgCatalogReader(connection, this, new PgTypes(), TableScope.ALL).read();
    }

    @Override
    public Catalog readCatalog(Connection connection, Collection<TableName> tables) throws SQLException {
        return new PgCatalogReader(connection, this, new PgTypes(), TableScope.of(tables)).read();
    }

    @Override
    public RowWrite upsert(Table table, List<Column> columns) {
        return new ArrayWrite(sql.upsert(table, columns), columns.size());
    }

    @Override
    public RowWrite update(Table table, List<Column> columns) {
        return new ArrayWrite(sql.update(table, columns), columns.size());
    }

    @Override
    public RowWrite delete(Table table, Optional<RowFilter> slice) {
        return new ArrayWrite(sql.delete(table, slice), table.primaryKey().size());
    }

    @Override
    public FailureClass classify(SQLException failure) {
        return SqlStates.classify(failure);
    }
}
