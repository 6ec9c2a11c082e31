package dev.godwit.verify.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SplitKeyTest {
    private final List<Column> key = List.of(
            column("Name", TypeKind.TEXT),
            column("mood", TypeKind.ENUM),
            column("id", TypeKind.INTEGER),
            column("address", TypeKind.INET),
            column("code", TypeKind.CHAR));

    @Test
    void postgresOrdersTextsByCodePoint() {
        assertThat(key(Product.POSTGRESQL, Set.of(), 0).orderBy())
                .isEqualTo(
                        "t.\"Name\" COLLATE pg_catalog.\"C\", t.\"mood\"::text COLLATE pg_catalog.\"C\", t.\"id\","
                                + " pg_catalog.abbrev(t.\"address\") COLLATE pg_catalog.\"C\", t.\"code\" COLLATE pg_catalog.\"C\"");
    }

    @Test
    void whatIsInTheOrderOfItsBytesAnywayIsLeftToItsIndex() {
        assertThat(key(Product.POSTGRESQL, Set.of("Name", "code", "mood"), 0).orderBy())
                .isEqualTo("t.\"Name\", t.\"mood\"::text COLLATE pg_catalog.\"C\", t.\"id\","
                        + " pg_catalog.abbrev(t.\"address\") COLLATE pg_catalog.\"C\", t.\"code\"");
    }

    @Test
    void cockroachNeedsNoCollation() {
        assertThat(key(Product.COCKROACHDB, Set.of(), 0).orderBy())
                .isEqualTo("t.\"Name\", t.\"mood\"::STRING, t.\"id\", t.\"address\"::STRING, t.\"code\"");
    }

    @Test
    void rangesAreCutByTheFirstColumnsTogether() {
        SplitKey split = key(Product.POSTGRESQL, Set.of("Name"), 3);

        assertThat(split.in(KeyRange.ALL)).isEmpty();
        assertThat(split.in(new KeyRange(List.of("O'Hara\\", "ok", "5"), List.of())))
                .isEqualTo("(t.\"Name\", t.\"mood\"::text COLLATE pg_catalog.\"C\", t.\"id\")"
                        + " >= ('O''Hara\\'::text, 'ok'::text, '5'::int8)");
        assertThat(key(Product.COCKROACHDB, Set.of(), 1).in(new KeyRange(List.of("a"), List.of("b"))))
                .isEqualTo("(t.\"Name\") >= ('a'::STRING) AND (t.\"Name\") < ('b'::STRING)");
    }

    @Test
    void partsAreFoundByATree() {
        SplitKey split = SplitKey.of(
                new SqlNames(Dialect.of(Product.POSTGRESQL)), List.of(column("id", TypeKind.INTEGER)), Set.of(), 1);

        assertThat(split.part(List.of())).isEqualTo("0");
        assertThat(split.part(List.of(List.of("10"), List.of("20"), List.of("30"))))
                .isEqualTo(
                        "CASE WHEN (t.\"id\") < ('20'::int8) THEN CASE WHEN (t.\"id\") < ('10'::int8) THEN 0 ELSE 1 END"
                                + " ELSE CASE WHEN (t.\"id\") < ('30'::int8) THEN 2 ELSE 3 END END");
    }

    @Test
    void aRowForCockroachIsTextThatCanBeReadBack() {
        RowEncoding encoding = RowEncoding.between(Product.POSTGRESQL, Product.COCKROACHDB);
        List<RowColumn> columns = Stream.of(
                        column("id", TypeKind.INTEGER),
                        column("Name", TypeKind.TEXT),
                        column("at", TypeKind.TIMESTAMPTZ))
                .map(column -> new RowColumn(column, column.type(), false))
                .toList();

        SqlNames cockroach = new SqlNames(Dialect.of(Product.COCKROACHDB));
        assertThat(encoding.hash(cockroach, encoding.row(cockroach, columns)))
                .isEqualTo(
                        "sha256(coalesce(t.\"id\"::STRING, '') || '|' || coalesce(octet_length(t.\"Name\"::STRING)::varchar"
                                + " || ':' || t.\"Name\"::STRING, '') || '|' || coalesce((t.\"at\" AT TIME ZONE 'UTC')::STRING, '') || '|')");
        SqlNames postgres = new SqlNames(Dialect.of(Product.POSTGRESQL));
        assertThat(encoding.hash(postgres, encoding.row(postgres, columns)))
                .isEqualTo(
                        "pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(coalesce(t.\"id\"::text, '') || '|' ||"
                                + " coalesce(octet_length(t.\"Name\"::text)::varchar || ':' || t.\"Name\"::text, '') || '|' ||"
                                + " coalesce((t.\"at\" AT TIME ZONE 'UTC')::text, '') || '|', 'UTF8')), 'hex')");
    }

    @Test
    void whatHasNoCommonFormIsNotHashed() {
        RowEncoding binary = RowEncoding.between(Product.POSTGRESQL, Product.POSTGRESQL);
        RowEncoding text = RowEncoding.between(Product.POSTGRESQL, Product.COCKROACHDB);
        for (TypeKind kind : TypeKind.values()) {
            if (kind == TypeKind.ARRAY) {
                continue;
            }
            ColumnType type = column("c", kind).type();
            assertThat(binary.covers(type, type)).describedAs("%s", kind).isTrue();
            boolean common =
                    switch (kind) {
                        case FLOAT4, FLOAT8, TIMETZ, JSON, JSONB, OTHER, DECIMAL, ARRAY -> false;
                        default -> true;
                    };
            assertThat(text.covers(type, type)).describedAs("%s", kind).isEqualTo(common);
        }
        assertThat(binary.covers(
                        column("c", TypeKind.FLOAT4).type(),
                        column("c", TypeKind.FLOAT8).type()))
                .isFalse();
        assertThat(binary.covers(
                        column("c", TypeKind.JSON).type(),
                        column("c", TypeKind.JSONB).type()))
                .isFalse();
        assertThat(text.covers(decimal(12, 2), decimal(14, 2))).isTrue();
        assertThat(text.covers(decimal(12, 2), decimal(12, 3))).isFalse();
    }

    private static ColumnType decimal(int precision, int scale) {
        return new ColumnType(TypeKind.DECIMAL, "numeric", "numeric", ((precision << 16) | scale) + 4, null);
    }

    private SplitKey key(Product product, Set<String> byteOrdered, int splitColumns) {
        return SplitKey.of(new SqlNames(Dialect.of(product)), key, byteOrdered, splitColumns);
    }

    private static Column column(String name, TypeKind kind) {
        return new Column(
                name, new ColumnType(kind, kind.toString(), kind.toString(), -1, null), false, Generation.NONE, false);
    }
}
