package dev.godwit.phase.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.apply.ApplyMode;
import dev.godwit.phase.demo.Narrator;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The applier as a service, in processes of its own, on the whole local stack. */
@Timeout(600)
class SoakTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern URL = Pattern.compile("metrics and health: (\\S+)");

    private static SoakStage stage;

    @BeforeAll
    static void open() throws Exception {
        stage = SoakStage.open(ApplyMode.CONSISTENT, 5, 40);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    void survivesEveryFaultWithoutALossAndWithoutAStepBack() throws Exception {
        SoakSettings settings = new SoakSettings(
                ApplyMode.CONSISTENT,
                Duration.ofMinutes(1),
                Duration.ofSeconds(2),
                List.of(Fault.values()),
                false,
                5,
                40);
        SoakResult result = new Soak(settings, new Narrator(new PrintWriter(Writer.nullWriter()))).run(stage);

        assertThat(result.problems()).isEmpty();
        assertThat(result.faults())
                .isEqualTo(Arrays.stream(Fault.values()).collect(Collectors.toMap(Function.identity(), fault -> 1)));
        assertThat(result.reads()).isGreaterThan(100);
        assertThat(result.rowsCompared()).isGreaterThan(1_000);
        assertThat(result.json()).startsWith("{\"result\":\"pass\"");
    }

    @Test
    void servesMetricsAndHealthAndStopsInOrderOnSigterm() throws Exception {
        stage.appliers.close();
        ApplierProcess applier = stage.appliers.start("--metrics-addr", ":0");
        await("the applier says where it listens").atMost(SOON).until(() -> URL.matcher(applier.output())
                .find());
        URI uri = uri(applier);
        awaitStatus(uri, "/health/ready", 200);
        assertThat(get(uri, "/health/live").statusCode()).isEqualTo(200);

        try (Connection connection = stage.source.open();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO soak.pair VALUES (1000, 1, 'service'), (1001, 1, 'service')");
            statement.execute("DELETE FROM soak.pair WHERE id >= 1000");
        }
        await().atMost(SOON).untilAsserted(() -> {
            String metrics = get(uri, "/metrics").body();
            assertThat(value(metrics, "godwit_apply_upserts_total")).isPositive();
            assertThat(value(metrics, "godwit_apply_deletes_total")).isPositive();
            assertThat(value(metrics, "godwit_apply_transactions_total")).isPositive();
            assertThat(value(metrics, "godwit_apply_lanes")).isPositive();
            assertThat(value(metrics, "godwit_apply_takeovers_total")).isEqualTo(1);
            assertThat(value(metrics, "godwit_apply_lag_seconds")).isBetween(-5.0, 60.0);
            assertThat(value(metrics, "godwit_apply_consistent_point_age_seconds"))
                    .isBetween(-5.0, 60.0);
            assertThat(metrics)
                    .contains("topic=\"" + SoakStage.DOMAIN + ".soak.pair\"")
                    .contains("direction=\"forward\"");
        });

        stage.targetServer().stop();
        awaitStatus(uri, "/health/ready", 503);
        assertThat(get(uri, "/health/ready").body()).contains("target");
        assertThat(get(uri, "/health/live").statusCode()).isEqualTo(200);
        stage.targetServer().restart();
        awaitStatus(uri, "/health/ready", 200);

        applier.signal("TERM");
        assertThat(applier.awaitEnd(40))
                .as("as a JVM ends by SIGTERM: %s", applier.output())
                .isEqualTo(143);
        assertThat(applier.output())
                .contains(SoakStage.DOMAIN + ": started")
                .contains(SoakStage.DOMAIN + ": took over with epoch")
                .contains("stopping")
                .contains(SoakStage.DOMAIN + ": stopped");
        stage.appliers.keepRunning();
        assertThat(stage.appliers.failures()).isEmpty();
    }

    private static URI uri(ApplierProcess applier) {
        Matcher found = URL.matcher(applier.output());
        assertThat(found.find()).isTrue();
        return URI.create(found.group(1));
    }

    private static void awaitStatus(URI uri, String path, int status) {
        await(path + " says " + status).atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(
                        get(uri, path).statusCode())
                .isEqualTo(status));
    }

    private static HttpResponse<String> get(URI uri, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri.resolve(path)).build(), BodyHandlers.ofString());
    }

    private static double value(String metrics, String name) {
        Matcher found = Pattern.compile("^" + name + "\\{[^}]*} (\\S+)$", Pattern.MULTILINE)
                .matcher(metrics);
        assertThat(found.find()).as(name).isTrue();
        return Double.parseDouble(found.group(1));
    }
}
