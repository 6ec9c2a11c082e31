package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What may come in between while tables are added to a connector. */
@ExtendWith(TestStack.class)
class AddedTablesTest {
    private static final List<TableName> BEFORE = tables("public.item");
    private static final List<TableName> WITH_FRESH = tables("public.item", "public.fresh");
    private static final List<TableName> WITH_OTHER = tables("public.item", "public.other");

    private static List<TableName> tables(String... names) {
        return List.of(names).stream().map(TableName::parse).toList();
    }

    /** Published are the tables of now and of later, captured those of now. */
    private static TestPhase phase(String name) throws Exception {
        return new TestPhase(
                        name,
                        List.of("public.item", "public.fresh", "public.other"),
                        "CREATE TABLE item (id int PRIMARY KEY)",
                        "CREATE TABLE fresh (id int PRIMARY KEY)",
                        "CREATE TABLE other (id int PRIMARY KEY)")
                .publishAndMakeSlot();
    }

    private static ForwardConnector connector(TestPhase phase, List<TableName> tables, String connectUrl) {
        return new ForwardConnector(
                ForwardSettings.of(phase.phase, phase.source, tables, TestStack.bootstrapServers(), connectUrl)
                        .withHeartbeat(Duration.ofSeconds(1)));
    }

    private static ForwardConnector connector(TestPhase phase, List<TableName> tables) {
        return connector(phase, tables, TestStack.connect().restUrl());
    }

    private static ForwardConnector flowing(TestPhase phase) throws Exception {
        ForwardConnector connector = connector(phase, BEFORE);
        connector.deploy();
        phase.run("INSERT INTO item VALUES (1)"); // so that there is a place to be stored
        phase.values(phase.topic("public.item"), value -> true);
        return connector;
    }

    private static ConnectFront front(Predicate<String> fails) throws Exception {
        return new ConnectFront(TestStack.connect().restUrl(), fails);
    }

    @Test
    void tablesThatSomebodyElseAddsAtTheSameTimeAreNotTakenAway() throws Exception {
        TestPhase phase = phase("adding-both");
        ForwardConnector connector = flowing(phase);
        ConnectClient connect = new ConnectClient(TestStack.connect().restUrl());
        String name = phase.phase.domain();
        Predicate<String> another = request -> {
            if (request.equals("PUT /connectors/" + name + "/stop")) {
                Map<String, String> configuration = connect.configuration(name).orElseThrow();
                configuration.merge(AddedTables.SETTING, "public\\.other", (now, more) -> now + "," + more);
                connect.putConfiguration(name, configuration);
            }
            return false;
        };
        try (ConnectFront front = front(another)) {
            assertThatThrownBy(() -> connector(phase, WITH_FRESH, front.url()).addTables())
                    .isInstanceOf(ConnectorFailedException.class)
                    .hasMessageContaining("was given another configuration while tables were being added");

            assertThat(connect.configuration(name).orElseThrow().get(AddedTables.SETTING))
                    .contains("public\\.other")
                    .doesNotContain("public\\.fresh");
            assertThatNoException()
                    .as("it goes on, and the order does not matter")
                    .isThrownBy(() -> connector(phase, tables("public.other", "public.item"))
                            .deploy());
            connector(phase, tables("public.item", "public.other", "public.fresh"))
                    .addTables();
            phase.run("INSERT INTO fresh VALUES (5)", "INSERT INTO other VALUES (6)");
            phase.values(
                    phase.topic("public.fresh"), value -> value.at("/after/id").asInt() == 5);
            phase.values(
                    phase.topic("public.other"), value -> value.at("/after/id").asInt() == 6);
        } finally {
            connector.delete(true);
        }
    }

    @Test
    void aConnectorWhosePlaceIsNotToldGoesOnWithTheTablesThatItHas() throws Exception {
        TestPhase phase = phase("adding-failed");
        ForwardConnector connector = flowing(phase);
        try (ConnectFront front = front(request -> request.endsWith("/offsets"))) {
            assertThatThrownBy(() -> connector(phase, WITH_OTHER, front.url()).addTables())
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("out of order");

            await().atMost(Duration.ofMinutes(1)).until(() -> connector.status().isFlowing());
            phase.run("INSERT INTO item VALUES (2)");
            phase.values(
                    phase.topic("public.item"), value -> value.at("/after/id").asInt() == 2);
        } finally {
            connector.delete(true);
        }
    }
}
