package dev.godwit.database.dialect;

import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
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
import java.util.stream.Collectors;

/**
 * MySQL 8. Connections must be those of {@link dev.godwit.database.Database#open}: strict, in UTC.
 *
 * <p>A MySQL database has no schemas. Its tables are shown in the schema in which they are on the target, {@code public} unless the user says
 * otherwise, and {@code _godwit} is a database of its own on the same server.
 */
final class MysqlDialect implements Dialect {
    private final MysqlView view;

    MysqlDialect(MysqlView view) {
        this.view = view;
    }

    @Override
    public Product product() {
        return Product.MYSQL;
    }

    @Override
    public String quote(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    @Override
    public String quote(TableName table) {
        return table.schema().equals(view.schema())
                ? quote(table.name())
                : quote(table.schema()) + "." + quote(table.name());
    }

    @Override
    public String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    @Override
    public String specialLiteral(String text) {
        throw new RefusedException(
                "a filter compares with " + text + ", a value that MySQL does not have", "leave it out of the filter");
    }

    @Override
    public String textIn(String column, List<String> literals) {
        // The first half finds the rows by an index, the second tells eu from EU.
        return "(" + column + " IN (" + String.join(", ", literals) + ") AND " + bytes(column)
                + literals.stream().map(MysqlDialect::bytes).collect(Collectors.joining(", ", " IN (", "))"));
    }

    @Override
    public String textIs(String column, String literal) {
        return "(" + column + " = " + literal + " AND " + bytes(column) + " = " + bytes(literal) + ")";
    }

    @Override
    public String textIsNot(String column, String literal) {
        return bytes(column) + " <> " + bytes(literal);
    }

    /** The UTF-8 bytes of a text, which are equal only if all characters are. */
    static String bytes(String text) {
        return "CAST(CONVERT(" + text + " USING utf8mb4) AS BINARY)";
    }

    @Override
    public String selected(String column, ColumnType type) {
        return view.zeroDatesAreNull()
                ? MysqlText.selectedWithoutZeroDates(column, type)
                : MysqlText.selected(column, type);
    }

    @Override
    public String read(ResultSet row, int place, ColumnType type) throws SQLException {
        return MysqlText.read(row, place, type);
    }

    @Override
    public Catalog readCatalog(Connection connection) throws SQLException {
        return new MysqlCatalogReader(connection, view, this, TableScope.ALL).read();
    }

    @Override
    public Catalog readCatalog(Connection connection, Collection<TableName> tables) throws SQLException {
        return new MysqlCatalogReader(connection, view, this, TableScope.of(tables)).read();
    }

    @Override
    public RowWrite upsert(Table table, List<Column> columns) {
        return new MysqlUpsert(this, table, columns);
    }

    @Override
    public RowWrite update(Table table, List<Column> columns) {
        return new MysqlUpdate(this, table, columns);
    }

    @Override
    public RowWrite delete(Table table, Optional<RowFilter> slice) {
        return new MysqlDelete(this, table, slice);
    }

    @Override
    public Optional<String[]> row(Connection connection, Table table, List<Column> columns, List<String> key)
            throws SQLException {
        List<String[]> keys = List.<String[]>of(key.toArray(String[]::new));
        return new MysqlKeys(this, table)
                .row(
                        connection,
                        columns,
                        MysqlRows.values(table.primaryKeyColumns(), keys).get(0));
    }

    @Override
    public boolean checksForeignKeysByRow() {
        return true;
    }

    @Override
    public Optional<RowImages> rowImages() {
        return Optional.of(new MysqlRowImages(this));
    }

    @Override
    public FailureClass classify(SQLException failure) {
        return MysqlFailures.classify(failure);
    }
}
