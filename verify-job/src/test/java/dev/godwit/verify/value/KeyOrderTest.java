package dev.godwit.verify.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Product;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyOrderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOLEAN | false < true",
                "INTEGER | -9223372036854775808 < -1 < 0 < 9 < 10 < 9223372036854775807",
                "DECIMAL | -Infinity < -10 < -9.5 < 0 < 1E-30 < 9 < 10 < 1E+30 < Infinity < NaN",
                "FLOAT8 | -Infinity < -1e+300 < -5e-324 < 0 < 5e-324 < 9 < 10 < Infinity < NaN",
                "TEXT | A < B < a < b < é < ～ < 🐦",
                "TEXT | a < a! < aa",
                "ENUM | happy < ok < sad",
                "BYTES | \\x < \\x00 < \\x0000 < \\x01 < \\x7f < \\x80 < \\xff",
                "UUID | 00000000-0000-0000-0000-000000000001 < 7fffffff-0000-0000-0000-000000000000"
                        + " < 80000000-0000-0000-0000-000000000000",
                "DATE | -infinity < 4714-11-24 BC < 0001-12-31 BC < 0001-01-01 < 9999-12-31 < 10000-01-01 < infinity",
                "TIME | 00:00:00 < 00:00:00.000001 < 24:00:00",
                "TIMESTAMP | -infinity < 4714-11-24 00:00:00 BC < 1999-12-31 23:59:59.999999 < 2000-01-01 00:00:00"
                        + " < 294276-12-31 23:59:59.999999 < infinity",
                "TIMETZ | 12:00:00+02 < 11:00:00+00 < 12:00:00+00 < 11:00:00-01",
                "INTERVAL | -1 days < 00:00:00 < 23:59:59 < 1 day < 1 day 00:00:01 < 1 mon < 31 days < 178956970 years",
                "VARBIT | 0 < 00 < 01 < 1 < 10 < 11",
            })
    void ordersAsTheDatabasesDo(TypeKind kind, String ordered) {
        List<String> values = List.of(ordered.split(" < "));
        KeyOrder order = order(kind);
        for (int i = 0; i < values.size(); i++) {
            for (int j = 0; j < values.size(); j++) {
                assertThat(Integer.signum(compare(order, values.get(i), values.get(j))))
                        .describedAs("%s against %s", values.get(i), values.get(j))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void textsComeInTheOrderOfTheirBytesInUtf8() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String left = text(random);
            String right = text(random);
            int bytewise = Arrays.compareUnsigned(
                    left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
            assertThat(Integer.signum(new CodePoints(left).compareTo(new CodePoints(right))))
                    .describedAs("%s against %s, seed %d", left, right, seed)
                    .isEqualTo(Integer.signum(bytewise));
        }
    }

    private static String text(Random random) {
        List<Integer> points = List.of(0x61, 0xe9, 0xd7ff, 0xe000, 0xff5e, 0xffff, 0x10000, 0x1f426, 0x10ffff);
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.appendCodePoint(points.get(random.nextInt(points.size())));
        }
        return text.toString();
    }

    @Test
    void oneKeyInTwoFormsIsTheSameKey() {
        assertThat(compare(order(TypeKind.DECIMAL), "1.0", "1.00")).isZero();
        assertThat(compare(order(TypeKind.FLOAT8), "-0", "0")).isZero();
        assertThat(compare(order(TypeKind.CHAR), "a  ", "a")).isZero();
        assertThat(compare(order(TypeKind.TIMESTAMPTZ), "2024-01-01 00:00:00+00", "2024-01-01 01:00:00+01"))
                .isZero();
        assertThat(compare(order(TypeKind.INTERVAL), "1 mon", "30 days")).isZero();
    }

    @Test
    void someTypesHaveNoSharedOrder() {
        List<TypeKind> without = new ArrayList<>();
        for (TypeKind kind : TypeKind.values()) {
            if (KeyOrder.of(Product.POSTGRESQL, type(kind), Product.COCKROACHDB, type(kind))
                    .isEmpty()) {
                without.add(kind);
            }
        }
        assertThat(without).containsExactlyInAnyOrder(TypeKind.JSON, TypeKind.JSONB, TypeKind.ARRAY, TypeKind.OTHER);
    }

    private static KeyOrder order(TypeKind kind) {
        return KeyOrder.of(Product.POSTGRESQL, type(kind), Product.POSTGRESQL, type(kind))
                .orElseThrow();
    }

    private static int compare(KeyOrder order, String left, String right) {
        return compare(order.part(left), order.part(right));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Comparable<T>> int compare(Comparable<?> left, Comparable<?> right) {
        return ((T) left).compareTo((T) right);
    }

    private static ColumnType type(TypeKind kind) {
        return new ColumnType(kind, kind.toString(), kind.toString(), -1, null);
    }
}
