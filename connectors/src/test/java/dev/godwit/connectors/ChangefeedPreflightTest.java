package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangefeedPreflightTest {
    private static final TableName ORDERS = new TableName("public", "orders");

    private static ChangefeedStatement statement(CockroachVersion version, Map<String, String> sink) {
        return new ChangefeedStatement(
                new PhaseDirection("shop", "eu-west", Direction.FAILBACK),
                version,
                "shop",
                List.of(ORDERS),
                "kafka-1:9092",
                sink,
                "1.0000000000",
                Duration.ofSeconds(1));
    }

    @Test
    void secretsGoIntoAnExternalConnectionWhereTheServerHasThem() {
        Map<String, String> sink = Map.of(
                "tls_enabled",
                "true",
                "sasl_enabled",
                "true",
                "sasl_mechanism",
                "SCRAM-SHA-256",
                "sasl_user",
                "u",
                "sasl_password",
                "p&w");
        ChangefeedStatement modern = statement(new CockroachVersion(25, 4), sink);
        ChangefeedStatement old = statement(new CockroachVersion(22, 1), sink);

        assertThat(modern.sql())
                .contains("INTO 'external://godwit_shop_eu_west_failback'")
                .doesNotContain("p%26w");
        assertThat(modern.externalConnectionSql().orElseThrow())
                .startsWith(
                        "CREATE EXTERNAL CONNECTION \"godwit_shop_eu_west_failback\" AS 'kafka://kafka-1:9092?topic_prefix=")
                .contains("sasl_password=p%26w", "sasl_mechanism=SCRAM-SHA-256", "tls_enabled=true");
        assertThat(modern.printable())
                .contains("sasl_password=***", "external://")
                .doesNotContain("p%26w");
        assertThat(old.externalConnectionSql()).isEmpty();
        assertThat(old.sql()).contains("sasl_password=p%26w");
        assertThat(statement(new CockroachVersion(25, 4), Map.of()).externalConnectionSql())
                .isEmpty();
    }

    @Test
    void sinkParametersThatCockroachDbWouldMisunderstandAreRefused() {
        for (Map<String, String> wrong : List.of(
                Map.of("tls_enable", "true"),
                Map.of("sasl_user", "u", "sasl_password", "p"),
                Map.of("ca_cert", "x"),
                Map.of("tls_enabled", "true", "client_cert", "x"),
                Map.of("sasl_enabled", "true", "sasl_mechanism", "SCRAM"),
                Map.of("topic_name", "all"))) {
            assertThatThrownBy(() -> statement(new CockroachVersion(25, 4), wrong))
                    .as(wrong.toString())
                    .isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void familiesAreCountedInTheTablesOwnWords() {
        assertThat(
                        ChangefeedPreflight.families(
                                "CREATE TABLE public.t (\n\tid INT8 NOT NULL,\n\t\"FAMILY x\" STRING,\n"
                                        + "\tCONSTRAINT t_pkey PRIMARY KEY (id ASC),\n\tFAMILY f1 (id),\n\tFAMILY \"F 2\" (\"FAMILY x\")\n)"))
                .isEqualTo(2);
        assertThat(ChangefeedPreflight.families("CREATE TABLE public.t (\n\tid INT8 NOT NULL\n)"))
                .isZero();
    }

    @Test
    void aCursorOlderThanTheHistoryIsRefused() {
        Duration age = ChangefeedPreflight.age("1795344029898813564.0000000001", "1795347629898813564.0000000000");

        assertThat(age.toSeconds()).isEqualTo(3_599);
        assertThatCode(() -> ChangefeedPreflight.checkAge(ORDERS, age, Duration.ofHours(4)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> ChangefeedPreflight.checkAge(ORDERS, age, Duration.ofMinutes(10)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("public.orders")
                .hasMessageContaining("600 s");
    }

    @Test
    void aMissingLicenceIsToldFromOtherErrors() {
        assertThat(NoOwnFeedException.isAboutLicence("use of CHANGEFEED requires an enterprise license."))
                .isTrue();
        assertThat(NoOwnFeedException.isAboutLicence(
                        "use of CHANGEFEED requires an enterprise license. see https://x?cluster_id=1"))
                .isTrue();
        assertThat(NoOwnFeedException.isAboutLicence("permission denied to create changefeed"))
                .isFalse();
    }

    @Test
    void everyStateSaysWhatItMeans() {
        for (ChangefeedStatus.State state : ChangefeedStatus.State.values()) {
            assertThat(new ChangefeedStatus(state, "job 1", java.util.Optional.empty(), java.util.Optional.empty())
                            .meaning())
                    .isNotBlank();
        }
    }
}
