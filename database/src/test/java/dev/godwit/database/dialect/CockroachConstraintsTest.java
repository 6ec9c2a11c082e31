package dev.godwit.database.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.dialect.CockroachConstraints.ForeignKeyColumns;
import java.util.List;
import org.junit.jupiter.api.Test;

class CockroachConstraintsTest {
    @Test
    void foreignKeysNameTheColumnsOfBothEnds() {
        assertThat(CockroachConstraints.foreignKey("FOREIGN KEY (a) REFERENCES parent(id)"))
                .contains(new ForeignKeyColumns(List.of("a"), List.of("id")));
        assertThat(
                        CockroachConstraints.foreignKey(
                                "FOREIGN KEY (b, \"A, (\"\"x\"\")\") REFERENCES shop.other.\"the (table)\"(\"Id\", no) ON DELETE CASCADE"))
                .contains(new ForeignKeyColumns(List.of("b", "A, (\"x\")"), List.of("Id", "no")));
        assertThat(CockroachConstraints.foreignKey("FOREIGN KEY (größe) REFERENCES t (id) NOT VALID"))
                .contains(new ForeignKeyColumns(List.of("größe"), List.of("id")));
        assertThat(CockroachConstraints.foreignKey("CHECK ((a > 0))")).isEmpty();
        assertThat(CockroachConstraints.foreignKey("null")).isEmpty();
    }

    @Test
    void uniqueKeysWithoutAnIndexAreKnownByColumnsOfTheTableOrNotAtAll() {
        List<String> columns = List.of("a", "Odd name", "x, y");
        assertThat(CockroachConstraints.uniqueWithoutIndex("UNIQUE WITHOUT INDEX (a, Odd name)", columns))
                .containsExactly("a", "Odd name");
        assertThat(CockroachConstraints.uniqueWithoutIndex("UNIQUE WITHOUT INDEX (a) NOT VALID WHERE (a > 1)", columns))
                .containsExactly("a");
        assertThat(CockroachConstraints.uniqueWithoutIndex("UNIQUE WITHOUT INDEX (x, y)", columns))
                .isEmpty();
        assertThat(CockroachConstraints.uniqueWithoutIndex("something else (a)", columns))
                .isEmpty();
        assertThat(CockroachConstraints.isPartial("UNIQUE WITHOUT INDEX (a) WHERE (a > 1)"))
                .isTrue();
        assertThat(CockroachConstraints.isPartial("UNIQUE WITHOUT INDEX (a)")).isFalse();
    }
}
