package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhaseDirectionTest {
    private static final PhaseDirection FORWARD = new PhaseDirection("Shop-1", "EU-west", Direction.FORWARD);
    private static final PhaseDirection FAILBACK = new PhaseDirection("Shop-1", "EU-west", Direction.FAILBACK);

    @Test
    void makesAllNamesFromMigrationPhaseAndDirection() {
        assertThat(FORWARD.domain()).isEqualTo("Shop-1-EU-west-forward");
        assertThat(FORWARD.transactionTopic()).isEqualTo("Shop-1-EU-west-forward.transaction");
        assertThat(FORWARD.heartbeatTopic()).isEqualTo("__debezium-heartbeat.Shop-1-EU-west-forward");
        assertThat(FORWARD.slotName()).isEqualTo("godwit_shop_1_eu_west").isEqualTo(FAILBACK.slotName());
        assertThat(FORWARD.tableTopic(new TableName("public", "orders")))
                .isEqualTo("Shop-1-EU-west-forward.public.orders");
        assertThat(FAILBACK.failbackTopic("shop", new TableName("public", "orders")))
                .isEqualTo("Shop-1-EU-west-failback.shop.public.orders");
    }

    @Test
    void writesNamesThatKafkaDoesNotAllowAsEachSideDoes() {
        TableName weird = new TableName("public", "Weird Näme");
        assertThat(FORWARD.tableTopic(weird)).endsWith("-forward.public.Weird_N_me");
        assertThat(FAILBACK.failbackTopic("db", weird)).endsWith("-failback.db.public.Weird_u0020_N_u00e4_me");
        assertThat(FAILBACK.failbackTopic("db", new TableName("public", "a_u0020_b")))
                .endsWith(".a_u005f__u0075__u0030__u0030__u0032__u0030__u005f_b");
    }

    @Test
    void refusesTablesThatWouldShareATopic() {
        List<TableName> tables = List.of(new TableName("public", "a b"), new TableName("public", "a_b"));
        assertThatThrownBy(() -> TopicNames.check(tables, FORWARD::tableTopic))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("public.a b", "public.a_b", "share the topic");
        TopicNames.check(tables, table -> FAILBACK.failbackTopic("db", table));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a.b", "a_b", "-a", "a-", "a--b", "ä", "a'b", "a/b"})
    void refusesNamesThatAreNoPartOfATopic(String name) {
        assertThatThrownBy(() -> new PhaseDirection(name, "eu", Direction.FORWARD))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> new PhaseDirection("shop", name, Direction.FORWARD))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void refusesNamesWhoseSlotWouldBeCut() {
        String longest = "a".repeat(63 - "godwit_".length() - "_eu".length());
        assertThat(new PhaseDirection(longest, "eu", Direction.FORWARD).slotName())
                .hasSize(63);
        assertThatThrownBy(() -> new PhaseDirection(longest + "a", "eu", Direction.FORWARD))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("64 characters");
    }
}
