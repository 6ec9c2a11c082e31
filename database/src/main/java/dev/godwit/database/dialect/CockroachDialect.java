package dev.godwit.database.dialect;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CockroachDB speaks PostgreSQL's protocol and takes its array statements; the catalog, upserts and bounds differ. */
final class CockroachDialect implements Dialect {
    private static final Pattern RELEASE = Pattern.compile("CockroachDB \\S+ v(\\d+)\\.(\\d+)");

    /** The server refuses messages above 16 MiB (sql.conn.max_read_buffer_message_size), and text may take three bytes a character. */
    private static final long STATEMENT_CHARACTERS_MAX = 4L << 20;

    /** Every row is an intent that a commit has to resolve; statements of a few thousand rows are no faster than smaller ones. */
    private static final int STATEMENT_ROWS_MAX = 2_000;

    private final Dialect postgres = new PostgresDialect();
    private final ArrayWriteSql sql = new ArrayWriteSql(this);

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
        return new CockroachCatalogReader(connection, this, TableScope.ALL).read();
    }

    @Override
    public Catalog readCatalog(Connection connection, Collection<TableName> tables) throws SQLException {
        return new CockroachCatalogReader(connection, this, TableScope.of(tables)).read();
    }

    @Override
    public RowWrite upsert(Table table, List<Column> columns) {
        return bounded(
                isBlind(table, columns) ? sql.blindUpsert(table, columns) : sql.upsert(table, columns), columns.size());
    }

    /**
     * UPSERT is never dearer than INSERT ... ON CONFLICT, and spares reading the old row where it is given every column. It looks for
     * the row by the physical key though: with an implicit column in front of the key (a shard, a region) it would not find a row that
     * lies in another region, and insert it a second time, which the unique key refuses. A column that is left out, or one that takes
     * only values of the database's own, means that the row has to be read anyway.
     */
    private static boolean isBlind(Table table, List<Column> columns) {
        return columns.containsAll(table.writableColumns())
                && table.columns().stream().noneMatch(Column::hidden)
                && columns.stream().noneMatch(column -> column.generation() == Column.Generation.IDENTITY_ALWAYS);
    }

    @Override
    public RowWrite update(Table table, List<Column> columns) {
        return bounded(sql.update(table, columns), columns.size());
    }

    @Override
    public RowWrite delete(Table table, Optional<RowFilter> slice) {
        return bounded(sql.delete(table, slice), table.primaryKey().size());
    }

    private static RowWrite bounded(String statement, int columnCount) {
        return new ArrayWrite(statement, columnCount, STATEMENT_ROWS_MAX, STATEMENT_CHARACTERS_MAX);
    }

    @Override
    public List<String> writerSession(String version) {
        List<String> settings = new ArrayList<>();
        // Under READ COMMITTED, which a cluster may have as its default since v23.2, the epoch in the ledger would not
        // fence an old owner.
        settings.add("SET default_transaction_isolation = 'serializable'");
        if (isAtLeast(version, 24, 1)) {
            // What Godwit writes is no news to the feed of the way back: it need not travel to be dropped there.
            settings.add("SET disable_changefeed_replication = on");
        }
        return settings;
    }

    private static boolean isAtLeast(String version, int year, int release) {
        Matcher matcher = RELEASE.matcher(version);
        if (!matcher.find()) {
            return false;
        }
        int serverYear = Integer.parseInt(matcher.group(1));
        return serverYear != year ? serverYear > year : Integer.parseInt(matcher.group(2)) >= release;
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
