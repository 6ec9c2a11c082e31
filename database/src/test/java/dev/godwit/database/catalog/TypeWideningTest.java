package dev.godwit.database.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which pairs of real types fit is tested against real catalogs in the module local-stack; here the packing alone. */
class TypeWideningTest {
    private static ColumnType decimal(int precision, int scale) {
        return new ColumnType(TypeKind.DECIMAL, "numeric", "numeric", ((precision << 16) | (scale & 0x7ff)) + 4, null);
    }

    private static ColumnType label(String baseName, String... labels) {
        return new ColumnType(TypeKind.ENUM, "x", "x", -1, null, baseName, List.of(labels));
    }

    @Test
    void unpacksNegativeScales() {
        assertThat(TypeWidening.holds(decimal(5, 0), decimal(3, -2))).isTrue();
        assertThat(TypeWidening.holds(decimal(4, 0), decimal(3, -2))).isFalse();
        assertThat(TypeWidening.holds(decimal(3, -2), decimal(3, -1))).isFalse();
        assertThat(TypeWidening.holds(decimal(1000, 1000), decimal(10, 1000))).isTrue();
    }

    @Test
    void comparesEnumsByLabelsAndWhereThereAreNoneByName() {
        assertThat(TypeWidening.holds(label("a", "x", "y", "z"), label("b", "z", "x")))
                .isTrue();
        assertThat(TypeWidening.holds(label("a", "x"), label("a", "x", "y"))).isFalse();
        assertThat(TypeWidening.holds(label("a"), label("a", "x", "y"))).isTrue();
        assertThat(TypeWidening.holds(label("a"), label("b", "x", "y"))).isFalse();
    }

    @Test
    void onTheWayBackOnlySilentChangesCount() {
        ColumnType int4 = new ColumnType(TypeKind.INTEGER, "integer", "int4", -1, null);
        ColumnType int8 = new ColumnType(TypeKind.INTEGER, "bigint", "int8", -1, null);
        assertThat(TypeWidening.holdsOrRefuses(int4, int8))
                .as("out of range is refused")
                .isTrue();
        assertThat(TypeWidening.holdsOrRefuses(decimal(10, 2), decimal(14, 2)))
                .as("overflow is refused")
                .isTrue();
        assertThat(TypeWidening.holdsOrRefuses(decimal(10, 2), decimal(10, 4)))
                .as("digits are rounded")
                .isFalse();
        ColumnType seconds = new ColumnType(TypeKind.TIMESTAMP, "timestamp(0)", "timestamp", 0, null);
        ColumnType micros = new ColumnType(TypeKind.TIMESTAMP, "timestamp", "timestamp", -1, null);
        assertThat(TypeWidening.holdsOrRefuses(seconds, micros))
                .as("fractions are rounded")
                .isFalse();
        ColumnType varchar = new ColumnType(TypeKind.TEXT, "varchar(3)", "varchar", 7, null);
        ColumnType text = new ColumnType(TypeKind.TEXT, "text", "text", -1, null);
        assertThat(TypeWidening.holdsOrRefuses(varchar, text))
                .as("blanks at the end are cut")
                .isFalse();
    }
}
