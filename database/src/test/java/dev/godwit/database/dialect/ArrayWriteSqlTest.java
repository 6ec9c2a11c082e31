package dev.godwit.database.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArrayWriteSqlTest {
    private final ArrayWriteSql sql = new ArrayWriteSql(Dialect.of(Product.POSTGRESQL));

    private static Column column(String name, TypeKind kind, String castName, Generation generation) {
        return new Column(name, new ColumnType(kind, castName, castName, -1, null), true, generation, false);
    }

    private static Column column(String name, TypeKind kind, String castName) {
        return column(name, kind, castName, Generation.NONE);
    }

    private static Table table(List<String> primaryKey, Column... columns) {
        return new Table(
                new TableName("My Shop", "or\"ders"), List.of(columns), primaryKey, List.of(), ReplicaIdentity.DEFAULT);
    }

    private final Column region = column("region", TypeKind.TEXT, "text");
    private final Column id = column("id", TypeKind.INTEGER, "int8");
    private final Column tags = column("Tags", TypeKind.ARRAY, "text[]");
    private final Column number = column("no", TypeKind.INTEGER, "int4", Generation.IDENTITY_ALWAYS);
    private final Table orders = table(List.of("region", "id"), id, region, tags);

    @Test
    void upsertsByCompositeKey() {
        assertThat(sql.upsert(orders, orders.columns()))
                .isEqualTo("INSERT INTO \"My Shop\".\"or\"\"ders\" (\"id\", \"region\", \"Tags\")"
                        + " SELECT x.c0::int8, x.c1::text, x.c2::text[]"
                        + " FROM unnest(?::text[], ?::text[], ?::text[]) AS x(c0, c1, c2)"
                        + " ON CONFLICT (\"region\", \"id\") DO UPDATE SET \"Tags\" = excluded.\"Tags\"");
    }

    @Test
    void upsertsNothingOverRowsOfKeysOnly() {
        assertThat(sql.upsert(table(List.of("id"), id), List.of(id))).endsWith("ON CONFLICT (\"id\") DO NOTHING");
    }

    @Test
    void insertsIdentityValuesButNeverUpdatesThem() {
        Table numbered = table(List.of("id"), id, number, tags);
        assertThat(sql.upsert(numbered, numbered.columns()))
                .contains("(\"id\", \"no\", \"Tags\") OVERRIDING SYSTEM VALUE SELECT ")
                .endsWith("DO UPDATE SET \"Tags\" = excluded.\"Tags\"");
    }

    @Test
    void updatesByCompositeKey() {
        assertThat(sql.update(orders, List.of(tags, id, region)))
                .isEqualTo("UPDATE \"My Shop\".\"or\"\"ders\" AS t SET \"Tags\" = x.c0::text[]"
                        + " FROM unnest(?::text[], ?::text[], ?::text[]) AS x(c0, c1, c2)"
                        + " WHERE t.\"region\" = x.c2::text AND t.\"id\" = x.c1::int8");
    }

    @Test
    void deletesByKeyWithinASlice() {
        assertThat(sql.delete(orders, Optional.of(RowFilter.parse("region = 'eu' OR id = 1", orders))))
                .isEqualTo("DELETE FROM \"My Shop\".\"or\"\"ders\" WHERE (\"region\", \"id\") IN"
                        + " (SELECT x.c0::text, x.c1::int8 FROM unnest(?::text[], ?::text[]) AS x(c0, c1))"
                        + " AND ((\"region\" = 'eu' OR \"id\" = 1))");
        assertThat(sql.delete(table(List.of("id"), id), Optional.empty()))
                .isEqualTo("DELETE FROM \"My Shop\".\"or\"\"ders\" WHERE \"id\" IN"
                        + " (SELECT x.c0::int8 FROM unnest(?::text[]) AS x(c0))");
    }

    @Test
    void doesNotWriteWithoutTheWholeKey() {
        assertThatThrownBy(() -> sql.upsert(orders, List.of(id, tags)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without its primary key");
        assertThatThrownBy(() -> sql.update(orders, List.of(id, region)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without a column to write");
        assertThatThrownBy(() -> sql.delete(table(List.of(), id), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without its primary key");
    }
}
