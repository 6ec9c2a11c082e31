package dev.godwit.database.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ForeignKeyOrderTest {
    private static TableName name(String table) {
        return new TableName("s", table);
    }

    private static List<TableName> names(String... tables) {
        return Stream.of(tables).map(ForeignKeyOrderTest::name).toList();
    }

    private static ForeignKey key(String child, String parent) {
        return new ForeignKey(child + parent, name(child), List.of("x"), name(parent), List.of("y"), false, false);
    }

    @Test
    void putsParentsIntoLevelsBeforeTheirChildren() {
        ForeignKeyOrder order = ForeignKeyOrder.of(
                names("d", "a", "c", "b", "lone"), List.of(key("b", "a"), key("c", "a"), key("d", "b"), key("d", "a")));
        assertThat(order.levels()).containsExactly(names("a", "lone"), names("b", "c"), names("d"));
        assertThat(order.parentsFirst()).containsExactlyElementsOf(names("a", "lone", "b", "c", "d"));
        assertThat(order.childrenFirst()).containsExactlyElementsOf(names("d", "c", "b", "lone", "a"));
        assertThat(order.inCycles()).isEmpty();
    }

    @Test
    void putsCyclesAndWhatIsBelowThemIntoTheLastLevel() {
        ForeignKeyOrder order = ForeignKeyOrder.of(
                names("a", "b", "below", "above"),
                List.of(key("a", "b"), key("b", "a"), key("below", "a"), key("a", "above")));
        assertThat(order.levels()).containsExactly(names("above"), names("a", "b", "below"));
        assertThat(order.inCycles()).containsExactlyElementsOf(names("a", "b", "below"));
        assertThat(order.parentsFirst()).hasSize(4);
    }

    @Test
    void doesNotCountSelfReferencesNorTablesThatAreNotAmongThose() {
        ForeignKeyOrder order =
                ForeignKeyOrder.of(names("a", "b"), List.of(key("a", "a"), key("a", "other"), key("other", "b")));
        assertThat(order.levels()).containsExactly(names("a", "b"));
        assertThat(order.inCycles()).isEmpty();
    }

    @Test
    void takesTwoKeysBetweenTheSameTablesForOne() {
        ForeignKeyOrder order = ForeignKeyOrder.of(names("a", "b"), List.of(key("b", "a"), key("b", "a")));
        assertThat(order.levels()).containsExactly(names("a"), names("b"));
    }

    @Test
    void hasNoLevelWithoutTables() {
        assertThat(ForeignKeyOrder.of(List.of(), List.of()).levels()).isEmpty();
    }
}
