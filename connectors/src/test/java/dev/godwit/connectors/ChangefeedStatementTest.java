package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangefeedStatementTest {
    private static final PhaseDirection PHASE = new PhaseDirection("shop", "eu", Direction.FAILBACK);
    private static final String CURSOR = "1701102311425045162.0000000001";

    private static ChangefeedStatement statement(CockroachVersion version, Map<String, String> sink, String cursor) {
        return new ChangefeedStatement(
                PHASE,
                version,
                "shop",
                List.of(new TableName("public", "orders"), new TableName("public", "Weird \"n\"")),
                "kafka-1:9092,kafka-2:9092",
                sink,
                cursor,
                Duration.ofSeconds(1));
    }

    @Test
    void rendersTheWholeStatement() {
        assertThat(statement(new CockroachVersion(25, 4), Map.of(), CURSOR).sql())
                .isEqualTo("""
                        CREATE CHANGEFEED FOR TABLE
                          "shop"."public"."Weird ""n\""",
                          "shop"."public"."orders",
                          "shop"."_godwit"."applied",
                          "shop"."_godwit"."watermark"
                        INTO 'kafka://kafka-1:9092,kafka-2:9092?topic_prefix=shop-eu-failback.'
                        WITH updated,
                          diff,
                          key_in_value,
                          envelope='wrapped',
                          format='json',
                          full_table_name,
                          resolved='1000ms',
                          min_checkpoint_frequency='1000ms',
                          initial_scan='no',
                          cursor='1701102311425045162.0000000001',
                          on_error='pause',
                          kafka_sink_config='{"RequiredAcks":"ALL"}',
                          encode_json_value_null_as_object""");
    }

    @Test
    void leavesOutWhatAnOlderVersionDoesNotKnow() {
        assertThat(statement(new CockroachVersion(24, 2), Map.of(), CURSOR).sql())
                .doesNotContain("encode_json_value_null_as_object");
        assertThat(statement(new CockroachVersion(24, 3), Map.of(), CURSOR).sql())
                .contains("encode_json_value_null_as_object");
    }

    @Test
    void asksOlderVersionsToKeepTheHistoryOfAFeedThatPauses() {
        assertThat(statement(new CockroachVersion(23, 1), Map.of(), CURSOR).sql())
                .contains("protect_data_from_gc_on_pause");
        assertThat(statement(new CockroachVersion(23, 2), Map.of(), CURSOR).sql())
                .doesNotContain("protect_data_from_gc_on_pause");
    }

    @Test
    void encodesSinkSettingsAndMasksSecretsInPrint() {
        ChangefeedStatement statement = statement(
                new CockroachVersion(22, 1),
                Map.of("sasl_enabled", "true", "sasl_user", "u", "sasl_password", "p&'+ x"),
                CURSOR);
        assertThat(statement.sql())
                .contains(
                        "?topic_prefix=shop-eu-failback.&sasl_enabled=true&sasl_password=p%26%27%2B%20x&sasl_user=u'");
        assertThat(statement.printable())
                .contains("sasl_password=***", "sasl_user=u")
                .doesNotContain("p%26");
    }

    @Test
    void namesTheTopicsOfAllCapturedTables() {
        assertThat(statement(new CockroachVersion(25, 4), Map.of(), CURSOR).topicNames())
                .contains("shop-eu-failback.shop.public.orders", "shop-eu-failback.shop._godwit.applied");
    }

    @Test
    void refusesWhatCouldNotBeMeant() {
        CockroachVersion version = new CockroachVersion(25, 4);
        assertThatThrownBy(() -> statement(version, Map.of(), "now()'; --"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("timestamp");
        assertThatThrownBy(() -> statement(version, Map.of("topic_prefix", "x"), CURSOR))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> CockroachVersion.parse("PostgreSQL 17.6")).isInstanceOf(RefusedException.class);
    }

    @Test
    void readsTheVersionFromTheServersWords() {
        assertThat(CockroachVersion.parse("CockroachDB CCL v25.4.1 (x86_64-pc-linux-gnu, built 2025/11/01)"))
                .isEqualTo(new CockroachVersion(25, 4));
        assertThat(CockroachVersion.parse("CockroachDB OSS v22.1.0-dev")).isEqualTo(new CockroachVersion(22, 1));
    }

    @Test
    void knowsTheStatesOfJobs() {
        assertThat(CockroachChangefeed.state("running")).isEqualTo(ChangefeedStatus.State.RUNNING);
        assertThat(CockroachChangefeed.state("pause-requested")).isEqualTo(ChangefeedStatus.State.PAUSED);
        assertThat(CockroachChangefeed.state("failed")).isEqualTo(ChangefeedStatus.State.FAILED);
        assertThat(CockroachChangefeed.state("retry-running")).isEqualTo(ChangefeedStatus.State.STARTING);
    }
}
