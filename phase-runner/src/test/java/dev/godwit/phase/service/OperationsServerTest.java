package dev.godwit.phase.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.ConflictReason;
import dev.godwit.apply.Health;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.connectors.Direction;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.database.ListenAddress;
import dev.godwit.database.RefusedException;
import dev.godwit.database.dialect.FailureClass;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationsServerTest {
    private static final String TAGS =
            "{direction=\"forward\",domain=\"shop-eu-forward\",migration=\"shop\",phase=\"eu\"";

    private final ApplyStatistics statistics = new ApplyStatistics();
    private volatile Health health = new Health(true, true, "applying");
    private volatile Supplier<Map<TopicPartition, Long>> lag = () -> Map.of(new TopicPartition("shop.orders", 0), 7L);
    private final ApplyMetrics metrics = new ApplyMetrics(
            new PhaseDirection("shop", "eu", Direction.FORWARD),
            Map.of("shop-eu-forward", statistics),
            domain -> lag.get());
    private final OperationsServer server =
            OperationsServer.start(ListenAddress.parse(":0"), metrics::scrape, () -> health);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void showsCountersAgesAndLagByTheNamesOfTheDocumentation() throws Exception {
        statistics.tookOver(3, 4, () -> 2);
        statistics.retried(FailureClass.RETRY_NOW);
        statistics.conflict(ConflictReason.UNIQUE_KEY);
        Transaction transaction =
                Transaction.empty(Lsn.parse("0/10"), Instant.now().minusSeconds(5));
        statistics.applied(List.of(transaction));
        statistics.advanced(
                new Progress(transaction.position(), Instant.now().minusSeconds(60), null, Map.of(), List.of()));

        String text = get("/metrics").body();
        assertThat(text)
                .contains("godwit_apply_transactions_total" + TAGS + "} 1.0")
                .contains("godwit_apply_retries_total" + TAGS + ",reason=\"retry_now\"} 1.0")
                .contains("godwit_apply_retries_total" + TAGS + ",reason=\"reconnect\"} 0.0")
                .contains("godwit_apply_conflicts_total" + TAGS + ",reason=\"unique_key\"} 1.0")
                .contains("godwit_apply_lanes" + TAGS + "} 4.0")
                .contains("godwit_apply_open_transactions" + TAGS + "} 2.0")
                .contains("godwit_apply_restart_gap_records" + TAGS + "} 3.0")
                .contains(
                        "godwit_apply_consumer_lag_records{direction=\"forward\",domain=\"shop-eu-forward\",migration=\"shop\","
                                + "partition=\"0\",phase=\"eu\",topic=\"shop.orders\"} 7.0")
                .contains("godwit_apply_commit_to_apply_seconds_count" + TAGS + "} 1")
                .containsPattern("godwit_apply_lag_seconds\\{[^}]*} ([5-9]|[1-5][0-9])\\.")
                .containsPattern("godwit_apply_consistent_point_age_seconds\\{[^}]*} 6[0-9]\\.")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void showsTheRestWhileKafkaDoesNotSayWherePartitionsEnd() throws Exception {
        lag = () -> {
            throw new ApplyException("no answer");
        };

        assertThat(get("/metrics").body())
                .contains("godwit_apply_upserts_total")
                .doesNotContain("godwit_apply_consumer_lag_records{");
    }

    @Test
    void isReadyAndLiveAsTheApplierIs() throws Exception {
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);

        health = new Health(true, false, "the target cannot be reached");
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").body()).isEqualTo("the target cannot be reached\n");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);

        health = new Health(false, false, "failed: a bad row");
        assertThat(get("/health/live").statusCode()).isEqualTo(503);
    }

    @Test
    void answersNothingElse() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metrics/more").statusCode()).isEqualTo(404);
        HttpRequest post = HttpRequest.newBuilder(server.uri().resolve("/metrics"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(post, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(405);
    }

    @Test
    void listensOnTheLoopbackInterfaceUnlessAnotherIsNamed() {
        assertThat(ListenAddress.parse("9100").getAddress().isLoopbackAddress()).isTrue();
        assertThat(ListenAddress.parse(":9100").getPort()).isEqualTo(9100);
        assertThat(ListenAddress.parse("0.0.0.0:9100").getAddress().isAnyLocalAddress())
                .isTrue();
        assertThat(ListenAddress.parse("[::1]:9100").getAddress().isLoopbackAddress())
                .isTrue();
    }

    @Test
    void refusesWhatIsNoAddressAndAPortThatIsTaken() {
        for (String text : List.of("here", ":", ":65536", "-1", "127.0.0.1:http")) {
            assertThatThrownBy(() -> ListenAddress.parse(text))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(text);
        }
        assertThatThrownBy(() -> OperationsServer.start(
                        ListenAddress.parse(":" + server.uri().getPort()), () -> "", () -> health))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("cannot listen on");
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = server.uri().resolve(path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
