package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelectSqlTest {
    private final List<Column> columns = List.of(
            column("Name", TypeKind.TEXT),
            column("mood", TypeKind.ENUM),
            column("id", TypeKind.INTEGER),
            column("address", TypeKind.INET),
            column("code", TypeKind.CHAR));
    private final TableName name = new TableName("public", "People");
    private final Table table = new Table(
            name, columns, List.of("Name", "mood", "id", "address", "code"), List.of(), ReplicaIdentity.DEFAULT);

    @Test
    void postgresOrdersTextsByCodePoint() {
        assertThat(sql(Product.POSTGRESQL, Optional.empty()))
                .isEqualTo(
                        "SELECT t.\"Name\"::text, t.\"mood\"::text, t.\"id\"::text, pg_catalog.abbrev(t.\"address\"),"
                                + " t.\"code\"::text FROM \"public\".\"People\" AS t ORDER BY t.\"Name\" COLLATE pg_catalog.\"C\","
                                + " t.\"mood\"::text COLLATE pg_catalog.\"C\", t.\"id\","
                                + " pg_catalog.abbrev(t.\"address\") COLLATE pg_catalog.\"C\", t.\"code\" COLLATE pg_catalog.\"C\"");
    }

    @Test
    void cockroachNeedsNoCollation() {
        assertThat(sql(Product.COCKROACHDB, Optional.empty()))
                .isEqualTo("SELECT t.\"Name\"::STRING, t.\"mood\"::STRING, t.\"id\"::STRING, t.\"address\"::STRING,"
                        + " t.\"code\"::STRING FROM \"public\".\"People\" AS t ORDER BY t.\"Name\", t.\"mood\"::STRING,"
                        + " t.\"id\", t.\"address\"::STRING, t.\"code\"");
    }

    @Test
    void readsOnlyTheSlice() {
        assertThat(sql(Product.POSTGRESQL, Optional.of(RowFilter.parse("id > 5", table))))
                .contains(" AS t WHERE (\"id\" > 5) ORDER BY ");
    }

    private String sql(Product product, Optional<RowFilter> filter) {
        Dialect dialect = Dialect.of(product);
        String where = TablePair.of(new TableSlice(name, filter)).sourceWhere(dialect);
        return new SelectSql(dialect).select(dialect.quote(name), where, columns, columns);
    }

    private static Column column(String name, TypeKind kind) {
        return new Column(
                name, new ColumnType(kind, kind.toString(), kind.toString(), -1, null), false, Generation.NONE, false);
    }
}
