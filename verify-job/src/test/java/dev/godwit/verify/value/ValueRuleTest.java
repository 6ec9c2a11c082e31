package dev.godwit.verify.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.Product;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueRuleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOLEAN | true | t",
                "DECIMAL | 1.0 | 1.00",
                "DECIMAL | 1E-30 | 0.000000000000000000000000000001",
                "DECIMAL | 0 | 0.000",
                "DECIMAL | Infinity | +Inf",
                "FLOAT8 | Infinity | +Inf",
                "FLOAT8 | -Infinity | -Inf",
                "FLOAT8 | 1e+20 | 1E20",
                "FLOAT4 | 0.1 | 0.10000000149011612",
                "CHAR | 'ab   ' | ab",
                "BYTES | \\x00FF | \\x00ff",
                "DATE | 0044-03-15 BC | -0043-03-15",
                "TIME | 12:00:00 | 12:00:00.000000",
                "TIMETZ | 12:34:56.789+02 | 12:34:56.789+02:00:00",
                "TIMESTAMP | 2024-06-30 03:00:00 | 2024-06-30T03:00:00.000",
                "TIMESTAMPTZ | 2024-06-30 03:00:00.123456+00 | 2024-06-30 03:00:00.123456+00:00",
                "TIMESTAMPTZ | 2024-06-30 03:00:00+00 | 2024-06-30 08:30:00+05:30",
                "TIMESTAMPTZ | 2024-06-30 03:00:00+00 | 2024-06-30T03:00:00Z",
                "INTERVAL | 1 year 2 mons 3 days | 1 year 2 mons 3 days 00:00:00",
                "INTERVAL | 1 day | 1 days",
                "INTERVAL | -00:00:01 | -00:00:01.000",
                "JSONB | '{\"a\": 1, \"b\": [2.50, null]}' | '{\"b\":[2.5,null],\"a\":1.0}'",
                "JSONB | 100 | 1e2",
                "INET | 192.168.0.1 | 192.168.0.1/32",
                "INET | ::1 | 0:0:0:0:0:0:0:1",
            })
    void takesDifferentTextsOfOneValueForEqual(TypeKind kind, String source, String target) {
        assertThat(rule(kind).equal(source, target)).isTrue();
        assertThat(rule(kind).equal(target, source)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOLEAN | t | f",
                "INTEGER | 9223372036854775807 | 9223372036854775806",
                "DECIMAL | 12345678901234567890.123456789 | 12345678901234567890.123456788",
                "DECIMAL | NaN | Infinity",
                "FLOAT8 | 0 | -0",
                "FLOAT8 | 0.1 | 0.10000000000000002",
                "FLOAT8 | NaN | Infinity",
                "FLOAT4 | 0.1 | 0.10000001",
                "TEXT | a | 'a '",
                "TEXT | \u00e9 | e\u0301",
                "CHAR | ' a' | a",
                "BYTES | \\x00 | \\x",
                "DATE | 2024-02-29 | 2024-03-01",
                "DATE | infinity | -infinity",
                "TIME | 24:00:00 | 00:00:00",
                "TIMETZ | 12:00:00+00 | 13:00:00+01",
                "TIMESTAMP | 2024-06-30 03:00:00.123456 | 2024-06-30 03:00:00.123457",
                "TIMESTAMP | infinity | 294276-12-31 23:59:59.999999",
                "TIMESTAMPTZ | 0001-01-01 00:00:00+00 | 0001-01-01 00:00:00+00 BC",
                "INTERVAL | 1 mon | 30 days",
                "INTERVAL | 1 day | 24:00:00",
                "INTERVAL | 1 year -1 mons | 1 year 1 mon",
                "JSONB | 12345678901234567890 | 12345678901234567891",
                "JSONB | 0.1 | 0.10000000000000001",
                "JSONB | 1 | '\"1\"'",
                "JSONB | true | '\"true\"'",
                "JSONB | null | '\"null\"'",
                "JSONB | '[1,2]' | '[2,1]'",
                "JSONB | '{\"a\":null}' | '{}'",
                "INET | 192.168.0.1/16 | 192.168.0.1",
                "INET | ::ffff:1.2.3.4 | 1.2.3.4",
                "VARBIT | 1 | 10",
                "ENUM | ok | OK",
            })
    void tellsValuesApartThatDifferByTheSmallestStep(TypeKind kind, String source, String target) {
        assertThat(rule(kind).equal(source, target)).isFalse();
        assertThat(rule(kind).equal(target, source)).isFalse();
    }

    @Test
    void nullEqualsOnlyNull() {
        for (TypeKind kind : TypeKind.values()) {
            if (kind != TypeKind.OTHER && kind != TypeKind.ARRAY) {
                assertThat(rule(kind).equal(null, null)).isTrue();
                assertThat(rule(kind).equal(null, "")).isFalse();
                assertThat(rule(kind).equal("", null)).isFalse();
                assertThat(rule(kind).equal("null", null)).isFalse();
            }
        }
    }

    @Test
    void textThatCannotBeReadEqualsOnlyItself() {
        for (TypeKind kind : TypeKind.values()) {
            if (kind != TypeKind.OTHER && kind != TypeKind.ARRAY) {
                assertThat(rule(kind).equal("what is this", "what is this")).isTrue();
                assertThat(rule(kind).equal("what is this", "what is that")).isFalse();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DECIMAL | '{1.0,NULL}' | '{1.00,NULL}'",
                "BOOLEAN | '{t,f}' | '{true,false}'",
                "TEXT | '{a,\"NULL\"}' | '{\"a\",\"NULL\"}'",
                "TIMESTAMPTZ | '{\"2024-06-30 03:00:00+00\"}' | '{\"2024-06-30 03:00:00+00:00\"}'",
                "DECIMAL | '{{1,2},{3,4.0}}' | '{{1,2.0},{3,4}}'",
            })
    void comparesArraysElementByElement(TypeKind kind, String source, String target) {
        assertThat(array(kind).equal(source, target)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TEXT | '{NULL}' | '{\"NULL\"}'",
                "TEXT | '{}' | '{NULL}'",
                "TEXT | '{}' | '{\"\"}'",
                "TEXT | '{\"a,b\"}' | '{a,b}'",
                "TEXT | '{\"a\\\\b\"}' | '{\"a\\\"b\"}'",
                "INTEGER | '{1,2}' | '{{1},{2}}'",
                "INTEGER | '[0:1]={1,2}' | '{1,2}'",
                "INTEGER | '{1,2}' | '{2,1}'",
            })
    void tellsArraysApart(TypeKind kind, String source, String target) {
        assertThat(array(kind).equal(source, target)).isFalse();
    }

    @Test
    void jsonWithAKeyTwiceEqualsOnlyTheSameTextUnlessTheTargetKeepsMeaning() {
        String twice = "{\"a\":1,\"a\":2}";
        assertThat(rule(TypeKind.JSON).equal(twice, "{\"a\":2}")).isFalse();
        assertThat(rule(TypeKind.JSON).equal("{\"a\": 2}", "{\"a\":2}")).isTrue();
        ValueRule toJsonb =
                ValueRule.between(Product.POSTGRESQL, type(TypeKind.JSON), Product.COCKROACHDB, type(TypeKind.JSONB));
        assertThat(toJsonb.equal(twice, "{\"a\": 2}")).isTrue();
        assertThat(toJsonb.equal(twice, "{\"a\": 1}")).isFalse();
    }

    @Test
    void readsJsonBeyondTheLimitsOfItsParser() {
        String deep = "[".repeat(1500) + "1.0" + "]".repeat(1500);
        assertThat(rule(TypeKind.JSONB).equal(deep, deep.replace("1.0", "1"))).isTrue();
        assertThat(rule(TypeKind.JSONB).equal(deep, deep.replace("1.0", "2"))).isFalse();
        String longNumber = "9".repeat(5000);
        assertThat(rule(TypeKind.JSONB).equal(longNumber, longNumber + ".0")).isTrue();
    }

    @Test
    void aFloat4InAFloat8MayHaveComeAsTextOrInBinaryAndNothingElse() {
        ValueRule widened =
                ValueRule.between(Product.POSTGRESQL, type(TypeKind.FLOAT4), Product.POSTGRESQL, type(TypeKind.FLOAT8));
        assertThat(widened.equal("0.1", "0.1")).isTrue();
        assertThat(widened.equal("0.1", "0.10000000149011612")).isTrue();
        assertThat(widened.equal("0.1", "0.10000000000000002")).isFalse();
        assertThat(widened.equal("0", "-0")).isFalse();
        assertThat(widened.equal("NaN", "NaN")).isTrue();
    }

    @Test
    void onCockroachAnInfiniteTimestampIsItsLargest() {
        ValueRule rule = ValueRule.between(
                Product.POSTGRESQL, type(TypeKind.TIMESTAMPTZ), Product.COCKROACHDB, type(TypeKind.TIMESTAMPTZ));
        assertThat(rule.equal("infinity", "294276-12-31 23:59:59.999999+00:00")).isTrue();
        assertThat(rule.equal("infinity", "294276-12-31 23:59:59.999998+00:00")).isFalse();
        assertThat(rule.equal("infinity", "-infinity")).isFalse();
    }

    @Test
    void typesOfDifferentFamiliesHaveNoRule() {
        assertThat(exists(type(TypeKind.INTEGER), Product.POSTGRESQL, type(TypeKind.TEXT)))
                .isFalse();
        assertThatThrownBy(() -> ValueRule.between(
                        Product.POSTGRESQL, type(TypeKind.INTEGER), Product.POSTGRESQL, type(TypeKind.TEXT)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTypeThatIsNotCarriedIsComparedByItsTextWithinOneProduct() {
        ColumnType point = other("point");
        assertThat(exists(point, Product.POSTGRESQL, point)).isTrue();
        assertThat(exists(point, Product.POSTGRESQL, other("box"))).isFalse();
        assertThat(exists(point, Product.POSTGRESQL, type(TypeKind.TEXT))).isFalse();
        assertThat(exists(point, Product.COCKROACHDB, point)).isFalse();
        ValueRule rule = ValueRule.between(Product.POSTGRESQL, point, Product.POSTGRESQL, point);
        assertThat(rule.equal("(1,2)", "(1,2)")).isTrue();
        assertThat(rule.equal("(1,2)", "(1,2.0)")).isFalse();
    }

    @Test
    void boundsOfDecimalRangesAreNumbers() {
        ValueRule rule =
                ValueRule.between(Product.POSTGRESQL, other("numrange"), Product.POSTGRESQL, other("numrange"));
        assertThat(rule.equal("[1.0,2)", "[1.00,2.0)")).isTrue();
        assertThat(rule.equal("[1.0,2)", "[1.0,2]")).isFalse();
        assertThat(rule.equal("(,2)", "(,2.00)")).isTrue();
        assertThat(rule.equal("(,2)", "(0,2)")).isFalse();
        assertThat(rule.equal("empty", "(,)")).isFalse();
        assertThat(rule.equal("{[1.0,2),[3,4)}", "{[1,2),[3,4.0)}")).isTrue();
        assertThat(rule.equal("{[1.0,2),[3,4)}", "{[1,2)}")).isFalse();
        assertThat(rule.equal("{}", "empty")).isFalse();
    }

    private static boolean exists(ColumnType source, Product targetProduct, ColumnType target) {
        return ValueRule.exists(Product.POSTGRESQL, source, targetProduct, target);
    }

    private static ColumnType other(String name) {
        return new ColumnType(TypeKind.OTHER, name, name, -1, null);
    }

    private static ValueRule rule(TypeKind kind) {
        return ValueRule.between(Product.POSTGRESQL, type(kind), Product.POSTGRESQL, type(kind));
    }

    private static ValueRule array(TypeKind kind) {
        ColumnType array = new ColumnType(TypeKind.ARRAY, kind + "[]", kind + "[]", -1, type(kind));
        return ValueRule.between(Product.POSTGRESQL, array, Product.POSTGRESQL, array);
    }

    private static ColumnType type(TypeKind kind) {
        return new ColumnType(kind, kind.toString(), kind.toString(), -1, null);
    }
}
