package dev.godwit.apply.conflict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EqualTextTest {
    @ParameterizedTest
    @CsvSource({
        "DECIMAL, 1.0, 1.00",
        "DECIMAL, 100, 1E+2",
        "DECIMAL, 0, -0.00",
        "DECIMAL, 1E+50, 10E+49",
        "INTEGER, 7, 7",
        "FLOAT8, 0, -0.0",
        "FLOAT8, 1e3, 1000",
        "FLOAT4, 0.1, 0.10000000149",
        "CHAR, a, 'a  '",
        "BYTES, \\xAB, \\xab",
        "UUID, A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11, a0eebc999c0b4ef8bb6d6bb9bd380a11",
        "TIMESTAMPTZ, 2026-01-01T01:00:00+01:00, 2026-01-01T00:00:00.000Z",
    })
    void valuesThatTheDatabaseTakesForEqualAreEqual(TypeKind kind, String left, String right) {
        assertThat(text(kind, left)).isEqualTo(text(kind, right));
    }

    @ParameterizedTest
    @CsvSource({"TEXT, a, A", "TEXT, a, 'a '", "DECIMAL, 1, 10", "DECIMAL, NaN, Infinity", "VARBIT, 1, 01"})
    void othersAreNot(TypeKind kind, String left, String right) {
        assertThat(text(kind, left)).isNotEqualTo(text(kind, right));
    }

    @Test
    void whereEqualityIsNotKnownThereIsNoText() {
        for (TypeKind kind : List.of(TypeKind.INTERVAL, TypeKind.JSONB, TypeKind.ARRAY, TypeKind.OTHER)) {
            assertThat(EqualText.of(type(kind))).isEmpty();
        }
    }

    private static String text(TypeKind kind, String text) {
        return EqualText.of(type(kind)).orElseThrow().of(text);
    }

    private static ColumnType type(TypeKind kind) {
        return new ColumnType(kind, "t", "t", -1, null);
    }
}
