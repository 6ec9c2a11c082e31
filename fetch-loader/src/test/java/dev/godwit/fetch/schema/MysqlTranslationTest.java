package dev.godwit.fetch.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The words that the target gets. What they mean is tried on real servers, in {@code MysqlRecreateTest}. */
class MysqlTranslationTest {
    private static final Column NUMBER = column("a", TypeKind.INTEGER, "int", "int4", -1, Generation.NONE);
    private static final Column PRICE =
            column("price", TypeKind.DECIMAL, "decimal(10,2)", "decimal", (10 << 16) + 2 + 4, Generation.NONE);
    private static final Column WORD = column("w`d", TypeKind.TEXT, "varchar(9)", "varchar", 13, Generation.NONE);
    private static final Column CODE = column("code", TypeKind.CHAR, "char(2)", "char", 6, Generation.NONE);
    private static final Column TOTAL =
            column("total", TypeKind.DECIMAL, "decimal(12,2)", "decimal", (12 << 16) + 2 + 4, Generation.COMPUTED);
    private static final Column LABEL = column("label", TypeKind.TEXT, "text", "text", -1, Generation.COMPUTED);

    private static Column column(
            String name, TypeKind kind, String type, String base, int modifier, Generation generation) {
        return new Column(
                name, new ColumnType(kind, type, base, modifier, null, base, List.of()), true, generation, false);
    }

    private static String translated(Column column, String expression) throws UnsureExpressionException {
        Table table = new Table(
                new TableName("public", "t"),
                List.of(NUMBER, PRICE, WORD, CODE, TOTAL, LABEL),
                List.of("a"),
                List.of(),
                ReplicaIdentity.FULL);
        return new MysqlTranslation(Dialect.of(Product.COCKROACHDB), table, mapped -> false)
                .translate(column, "DECIMAL(12,2)", MysqlExpressionParser.parse(expression));
    }

    @Test
    void numbersAreCountedAsDecimalsAndEndInTheTypeOfTheColumn() throws Exception {
        assertThat(translated(TOTAL, "((`a` * `price`) - -(-(2.50)))"))
                .isEqualTo(
                        "CAST(((CAST(\"a\" AS DECIMAL) * \"price\") - (- (- CAST(2.50 AS DECIMAL)))) AS DECIMAL(12,2))");
        assertThat(translated(TOTAL, "ifnull(`A`,1) + 2 * coalesce(`price`)"))
                .isEqualTo("CAST((COALESCE(CAST(\"a\" AS DECIMAL), CAST(1 AS DECIMAL)) + (CAST(2 AS DECIMAL) *"
                        + " COALESCE(\"price\"))) AS DECIMAL(12,2))");
    }

    @Test
    void textsAreJoinedWithoutACast() throws Exception {
        assertThat(translated(LABEL, "concat(`w``d`,_utf8mb4'it\\'s\\\\',`code`,_latin1' ',ifnull(`w``d`,''))"))
                .isEqualTo("(\"w`d\" || " + Dialect.of(Product.COCKROACHDB).literal("it's\\")
                        + " || CAST(\"code\" AS TEXT) || ' ' || COALESCE(\"w`d\", ''))");
    }

    @Test
    void whatIsNotKnownIsNamed() {
        assertUnsure(TOTAL, "(`a` DIV 2)", "DIV");
        assertUnsure(TOTAL, "(`a` + 0x10)", "a number that is no plain decimal one begins with 0");
        assertUnsure(TOTAL, "(`a` + 1.)", "a number that is no plain decimal one begins with 1.");
        assertUnsure(TOTAL, "`a` `a`", "`a`");
        assertUnsure(TOTAL, "coalesce(`a`", "the end");
        assertUnsure(TOTAL, "null", "null");
        assertUnsure(TOTAL, "coalesce(`a`,`label`)", "column \"label\", which is computed itself");
        assertUnsure(LABEL, "_latin1'é'", "a text with a character of code 0, or beyond ASCII");
        assertUnsure(LABEL, "_sjis'a'", "a text in the character set sjis");
        assertUnsure(LABEL, "_utf8mb4'\\q'", "an escape is not known: \\q");
        assertUnsure(LABEL, "_utf8mb4'a\\0'", "a text with a character of code 0, or beyond ASCII");
        assertUnsure(LABEL, "_utf8mb4'a", "a text does not end");
        assertUnsure(LABEL, "`gone`", "column \"gone\", which is left out");
        assertUnsure(LABEL, "coalesce(`w``d`,`a`)", "texts and numbers are mixed");
        assertUnsure(TOTAL, "(".repeat(300) + "`a`" + ")".repeat(300), "it has more than 200 levels");
        assertUnsure(
                TOTAL,
                "((`price` * `price`) * " + "1".repeat(50) + ")",
                "a result with up to 70 digits, 4 of them behind the point, which MySQL may round");
    }

    private static void assertUnsure(Column column, String expression, String why) {
        assertThatThrownBy(() -> translated(column, expression))
                .as(expression)
                .isInstanceOf(UnsureExpressionException.class)
                .hasMessage(why);
    }
}
