package dev.godwit.connectors.plugin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.DatabaseUrl;
import dev.godwit.local.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a real PostgreSQL, which asks for SCRAM-SHA-256. */
class WireConnectionTest {
    private static PostgresServer server;
    private static DatabaseUrl url;

    @BeforeAll
    static void start() {
        server = PostgresServer.start("wire");
        url = server.createDatabase("wire");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static WireConnection open(String password, String sslMode) throws IOException {
        return WireConnection.open(
                new WireSettings(
                        url.database(),
                        url.user(),
                        password,
                        Map.of("sslmode", sslMode),
                        "wire-test",
                        Duration.ofSeconds(10)),
                new WireSettings.Node(url.host(), url.port()));
    }

    private static WireConnection open() throws IOException {
        return open(url.password(), "disable");
    }

    private static String text(byte[] value) {
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    @Test
    void readsValuesNullsAndTextOfAnyLength() throws IOException {
        try (WireConnection connection = open()) {
            List<byte[][]> rows = connection.query(
                    "SELECT NULL, '', 'ünï 🐦', repeat('x', 3000000), '\\x00ff'::bytea UNION ALL SELECT 'b', NULL, NULL, NULL, NULL");

            assertThat(rows).hasSize(2);
            assertThat(rows.get(0)[0]).isNull();
            assertThat(text(rows.get(0)[1])).isEmpty();
            assertThat(text(rows.get(0)[2])).isEqualTo("ünï 🐦");
            assertThat(rows.get(0)[3]).hasSize(3_000_000);
            assertThat(text(rows.get(0)[4])).isEqualTo("\\x00ff");
            assertThat(text(connection.query("SHOW application_name").get(0)[0]))
                    .isEqualTo("wire-test");
        }
    }

    @Test
    void handsOutRowsWhileTheStatementStillRuns() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        AtomicReference<Exception> end = new AtomicReference<>();
        WireConnection connection = open();
        Thread reader = new Thread(() -> {
            try {
                // 8 kB a row, as PostgreSQL sends when its buffer is full; the statement itself would take an hour
                connection.stream(
                        "SELECT n || repeat('x', 9000), pg_sleep(CASE WHEN n > 50 THEN 3600 ELSE 0 END) FROM generate_series(1, 100) n",
                        row -> seen.add(text(row[0]).substring(0, 3)));
            } catch (IOException | InterruptedException e) {
                end.set(e);
            }
        });
        reader.start();

        await().atMost(Duration.ofMinutes(1)).until(() -> seen.size() >= 40);
        connection.close();

        await().atMost(Duration.ofMinutes(1)).until(() -> !reader.isAlive());
        assertThat(end.get()).as("closing ends the one who reads").isInstanceOf(IOException.class);
    }

    @Test
    void aRefusalHasItsStateAndItsWords() throws IOException {
        assertThatThrownBy(() -> open("wrong", "disable"))
                .isInstanceOfSatisfying(
                        WireException.class, e -> assertThat(e.sqlState()).isEqualTo("28P01"))
                .hasMessageContaining("password");
        try (WireConnection connection = open()) {
            assertThatThrownBy(() -> connection.query("SELECT * FROM not_there"))
                    .isInstanceOfSatisfying(
                            WireException.class, e -> assertThat(e.sqlState()).isEqualTo("42P01"))
                    .hasMessageContaining("not_there");
        }
    }

    @Test
    void tlsThatTheServerDoesNotSpeakIsNotLeftOut() {
        assertThatThrownBy(() -> open(url.password(), "require"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no TLS")
                .hasMessageContaining("sslmode");
    }

    @Test
    void scramFollowsTheExampleOfTheStandard() throws IOException {
        // RFC 7677, section 3; with an empty user the proof differs, so the exchange is checked with our own server
        // key.
        ScramSha256 scram = new ScramSha256("pencil", "rOprNGfwEbeRWgbNEkqO");
        String answer = scram.finalMessage(
                "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");

        assertThat(answer).startsWith("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=");
        assertThatThrownBy(() -> scram.check("v=AAAA")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new ScramSha256("pencil", "ours").finalMessage("r=theirs,s=AAAA,i=4096"))
                .hasMessageContaining("nonce");
    }
}
