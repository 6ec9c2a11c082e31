package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestStack.class)
class DebeziumPostgresTest {

    @Test
    void namesTablesExactly() {
        String list = DebeziumPostgres.tableIncludeList(
                List.of(new TableName("shop", "a,b"), new TableName("shop", "order.s$")));
        List<Pattern> patterns =
                Arrays.stream(list.split(",")).map(Pattern::compile).toList();
        assertThat(patterns).hasSize(4);
        assertThat(patterns.get(0).matcher("shop.a,b").matches()).isTrue();
        assertThat(patterns.get(1).matcher("shop.order.s$").matches()).isTrue();
        assertThat(patterns.get(1).matcher("shop.orders$").matches()).isFalse();
        assertThat(list).endsWith("_godwit\\.applied,_godwit\\.watermark");
    }

    @Test
    void neverPrintsThePasswordAndKeepsReferences() throws Exception {
        TestPhase phase = new TestPhase("printed", List.of("public.item"), "CREATE TABLE item (id int PRIMARY KEY)");
        Map<String, String> printed = phase.connector().printableConfiguration();
        assertThat(printed)
                .containsEntry("database.password", "***")
                .containsEntry("topic.prefix", "test-printed-forward");
        assertThat(printed.toString()).doesNotContain("local-secret");
        assertThat(DebeziumPostgres.configuration(phase.settings())).containsEntry("database.password", "local-secret");

        Map<String, String> withReference = new ForwardConnector(
                        phase.settings().withConnectDatabasePassword("${env:PGPASSWORD}"))
                .printableConfiguration();
        assertThat(withReference).containsEntry("database.password", "${env:PGPASSWORD}");
    }

    @Test
    void refusesToChangeWhatCorrectnessDependsOn() throws Exception {
        TestPhase phase = new TestPhase("changed", List.of("public.item"), "CREATE TABLE item (id int PRIMARY KEY)");
        assertThat(DebeziumPostgres.configuration(phase.settings().withMore(Map.of("database.hostname", "db"))))
                .containsEntry("database.hostname", "db");
        for (String key : List.of(
                "skipped.operations", "event.converting.failure.handling.mode", "transforms", "table.include.list")) {
            assertThatThrownBy(() ->
                            DebeziumPostgres.configuration(phase.settings().withMore(Map.of(key, "x"))))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(key);
        }
    }
}
