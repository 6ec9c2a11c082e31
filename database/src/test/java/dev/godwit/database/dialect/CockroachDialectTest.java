package dev.godwit.database.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class CockroachDialectTest {
    private static final ColumnType INT = new ColumnType(TypeKind.INTEGER, "bigint", "int8", -1, null);
    private static final ColumnType TEXT = new ColumnType(TypeKind.TEXT, "text", "string", -1, null);
    private static final Column ID = new Column("id", INT, false, Generation.NONE, false);
    private static final Column NAME = new Column("name", TEXT, true, Generation.NONE, false);
    private static final Column SUM = new Column("sum", INT, true, Generation.COMPUTED, false);
    private static final Column SHARD = new Column("crdb_internal_id_shard_16", INT, false, Generation.COMPUTED, true);
    private static final Column REGION = new Column("crdb_region", TEXT, false, Generation.NONE, true);
    private static final Column ROW_ID = new Column("rowid", INT, false, Generation.NONE, true);

    private final Dialect dialect = Dialect.of(Product.COCKROACHDB);

    private static Table table(List<String> key, Column... columns) {
        return new Table(new TableName("public", "t"), List.of(columns), key, List.of(), ReplicaIdentity.DEFAULT);
    }

    @Test
    void aWholeRowIsWrittenWithoutReadingTheOldOne() {
        Table table = table(List.of("id"), ID, NAME, SUM);

        assertThat(dialect.upsert(table, List.of(ID, NAME)))
                .hasToString("UPSERT INTO \"public\".\"t\" (\"id\", \"name\") SELECT x.c0::int8, x.c1::string"
                        + " FROM unnest(?::text[], ?::text[]) AS x(c0, c1)");
    }

    @Test
    void aPartOfARowOrARowWithAnImplicitKeyColumnIsLookedForByItsUniqueKey() {
        assertThat(dialect.upsert(table(List.of("id"), ID, NAME), List.of(ID)).toString())
                .startsWith("INSERT INTO")
                .contains("ON CONFLICT (\"id\")");
        Column region = new Column("crdb_region", TEXT, false, Generation.COMPUTED, true);
        assertThat(dialect.upsert(table(List.of("id"), region, ID, NAME), List.of(ID, NAME))
                        .toString())
                .startsWith("INSERT INTO")
                .contains("ON CONFLICT (\"id\") DO UPDATE SET \"name\" = excluded.\"name\"");
    }

    @Test
    void columnsThatTheDatabasePutsInFrontOfAKeyAreNeitherKeyNorWritten() {
        ImplicitColumns implicit = new ImplicitColumns(List.of(REGION, SHARD, ID, NAME));

        List<String> key = implicit.logicalKey(List.of("crdb_region", "crdb_internal_id_shard_16", "id"));

        assertThat(key).containsExactly("id");
        assertThat(implicit.column(REGION, key).isWritable()).isFalse();
        assertThat(implicit.column(REGION, key).hidden()).isTrue();
        assertThat(implicit.column(ID, key)).isSameAs(ID);
    }

    @Test
    void theHiddenKeyOfATableWithoutKeyStaysOne() {
        ImplicitColumns implicit = new ImplicitColumns(List.of(NAME, ROW_ID));

        assertThat(implicit.logicalKey(List.of("rowid"))).containsExactly("rowid");
        assertThat(implicit.column(ROW_ID, List.of("rowid")).isWritable()).isTrue();
    }

    @Test
    void sessionsThatApplyAreSerializableAndInvisibleToChangefeedsWhereTheServerKnowsHow() {
        assertThat(dialect.writerSession("CockroachDB CCL v23.1.4 (x86_64, built)"))
                .containsExactly("SET default_transaction_isolation = 'serializable'");
        assertThat(dialect.writerSession("CockroachDB CCL v23.2.9 (x86_64, built)"))
                .doesNotContain("SET disable_changefeed_replication = on");
        assertThat(dialect.writerSession("CockroachDB CCL v24.1.0 (x86_64, built)"))
                .contains("SET disable_changefeed_replication = on");
        assertThat(dialect.writerSession("CockroachDB CCL v25.4.0 (x86_64, built)"))
                .contains("SET disable_changefeed_replication = on");
        assertThat(Dialect.of(Product.POSTGRESQL).writerSession("PostgreSQL 17"))
                .isEmpty();
    }
}
