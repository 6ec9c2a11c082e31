package dev.godwit.apply.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.apply.ledger.DomainNames;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TableGroupsTest {
    private static final Set<TableName> TABLES = names("a", "b", "c", "d", "e");

    @Test
    void tablesThatForeignKeysConnectAreOneGroupAlsoThroughOthers() {
        assertThat(groups(key("b", "d"), key("a", "b"), key("e", "e")))
                .containsExactly(names("a", "b", "d"), names("c"), names("e"));
    }

    @Test
    void tablesOfOtherPhasesConnectNothing() {
        assertThat(groups(key("a", "lookup"), key("b", "lookup"))).hasSize(5);
    }

    @Test
    void tablesThatADeleteReachesThroughOthersAreOneGroup() {
        assertThat(groups(cascade("between", "a"), cascade("c", "between")))
                .containsExactly(names("a", "c"), names("b"), names("d"), names("e"));
    }

    @Test
    void aGroupKeepsItsNameWhateverElseThereIs() {
        String name = DomainNames.group("shop-eu-forward", names("order", "item"));

        assertThat(name).startsWith("shop-eu-forward.item-").matches("[a-zA-Z0-9._-]+");
        assertThat(DomainNames.group("shop-eu-forward", names("item", "order"))).isEqualTo(name);
        assertThat(DomainNames.direction(name)).isEqualTo("shop-eu-forward");
    }

    @Test
    void groupsOfOtherTablesHaveOtherNames() {
        assertThat(Set.of(
                        DomainNames.group("d", names("item")),
                        DomainNames.group("d", names("item", "order")),
                        DomainNames.group("d", names("i.tem")),
                        DomainNames.group("d", names("i_tem")),
                        DomainNames.group("d", List.of(new TableName("s.i", "tem"))),
                        DomainNames.group("d", List.of(new TableName("other", "item"))),
                        DomainNames.group("d", names("a", "bc")),
                        DomainNames.group("d", names("ab", "c"))))
                .hasSize(8);
    }

    private static List<Collection<TableName>> groups(ForeignKey... keys) {
        return List.copyOf(TableGroups.of(TABLES, List.of(keys)));
    }

    private static Set<TableName> names(String... names) {
        Set<TableName> tables = new TreeSet<>();
        for (String name : names) {
            tables.add(new TableName("s", name));
        }
        return tables;
    }

    private static ForeignKey key(String child, String parent) {
        return new ForeignKey(
                "fk",
                new TableName("s", child),
                List.of("parent"),
                new TableName("s", parent),
                List.of("id"),
                false,
                false);
    }

    private static ForeignKey cascade(String child, String parent) {
        return new ForeignKey(
                "fk",
                new TableName("s", child),
                List.of("parent"),
                new TableName("s", parent),
                List.of("id"),
                false,
                true);
    }
}
