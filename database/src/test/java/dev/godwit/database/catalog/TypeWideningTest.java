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
}
