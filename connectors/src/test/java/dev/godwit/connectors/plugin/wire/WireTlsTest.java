package dev.godwit.connectors.plugin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.local.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS as CockroachDB's clients use it, against a real PostgreSQL: our own protocol, and the driver by the same names. */
class WireTlsTest {
    private static final String MEMBER = "member";

    @TempDir
    private static Path directory;

    private static PostgresServer server;
    private static Path authority;
    private static Path otherAuthority;
    private static Path memberCertificate;
    private static Path memberKey;

    @BeforeAll
    static void startWithCertificates() throws Exception {
        TestCertificates certificates = new TestCertificates(directory.resolve("ours"));
        certificates.sign("server", "san=ip:127.0.0.1");
        certificates.sign(MEMBER, "");
        TestCertificates others = new TestCertificates(directory.resolve("theirs"));
        authority = file(certificates, "ca.crt", certificates.certificatePem("ca"));
        otherAuthority = file(others, "ca.crt", others.certificatePem("ca"));
        memberCertificate = file(certificates, "member.crt", certificates.certificatePem(MEMBER));
        memberKey = certificates.file("member.pk8", certificates.key(MEMBER));
        server = PostgresServer.start("tls");
        try (Connection connection =
                        Database.connect("server", server.url("postgres")).open();
                Statement statement = connection.createStatement()) {
            write(statement, "server.crt", certificates.certificatePem("server"));
            write(statement, "server.key", certificates.keyPem("server"));
            write(statement, "root.crt", certificates.certificatePem("ca"));
            write(
                    statement,
                    "pg_hba.conf",
                    "hostssl all " + MEMBER + " 127.0.0.1/32 cert\nhostssl all postgres 127.0.0.1/32 scram-sha-256\n");
            statement.execute("CREATE ROLE " + MEMBER + " LOGIN");
            statement.execute("ALTER SYSTEM SET ssl_ca_file = 'root.crt'");
            statement.execute("ALTER SYSTEM SET ssl = on");
            statement.execute("SELECT pg_reload_conf()");
        }
        await().atMost(Duration.ofMinutes(1)).ignoreException(IOException.class).until(() -> query(
                        server.url("postgres").user(), "127.0.0.1", "require", Map.of())
                .equals("true"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Path file(TestCertificates certificates, String name, String pem) throws IOException {
        return certificates.file(name, pem.getBytes(StandardCharsets.US_ASCII));
    }

    /** Into the directory of the data, by the server itself: its user alone may read the key. */
    private static void write(Statement statement, String name, String text) throws SQLException {
        statement.execute("COPY (SELECT unnest(string_to_array('" + text.strip() + "', E'\\n'))) TO PROGRAM 'cat > "
                + name + " && chmod 600 " + name + "'");
    }

    /** @return whether the session is encrypted, as the server sees it */
    private static String query(String user, String host, String sslMode, Map<String, String> more) throws IOException {
        Map<String, String> tls = new HashMap<>(more);
        tls.put("sslmode", sslMode);
        try (WireConnection connection = WireConnection.open(
                new WireSettings("postgres", user, PostgresServer.PASSWORD, tls, "tls-test", Duration.ofSeconds(10)),
                new WireSettings.Node(host, server.port()))) {
            byte[][] row = connection
                    .query("SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                    .get(0);
            return new String(row[0], StandardCharsets.UTF_8);
        }
    }

    @Test
    void aServerThatProvesItselfIsSpokenToInSecret() throws IOException {
        assertThat(query("postgres", "127.0.0.1", "verify-full", Map.of("sslrootcert", authority.toString())))
                .isEqualTo("true");
    }

    @Test
    void aServerOfAnotherAuthorityOrAnotherNameIsNot() throws IOException {
        assertThatThrownBy(() ->
                        query("postgres", "127.0.0.1", "verify-full", Map.of("sslrootcert", otherAuthority.toString())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot set up TLS");
        assertThatThrownBy(() ->
                        query("postgres", "localhost", "verify-full", Map.of("sslrootcert", authority.toString())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("localhost");
        assertThat(query("postgres", "localhost", "verify-ca", Map.of("sslrootcert", authority.toString())))
                .isEqualTo("true");
    }

    @Test
    void aServerThatWantsNoSecretsIsNotSpokenToWithoutThem() {
        assertThatThrownBy(() -> query("postgres", "127.0.0.1", "disable", Map.of()))
                .hasMessageContaining("pg_hba.conf");
    }

    @Test
    void aUserProvesItselfByItsCertificate() throws IOException {
        Map<String, String> certificate = Map.of(
                "sslrootcert",
                authority.toString(),
                "sslcert",
                memberCertificate.toString(),
                "sslkey",
                memberKey.toString());

        assertThat(query(MEMBER, "127.0.0.1", "verify-full", certificate)).isEqualTo("true");
        assertThatThrownBy(() -> query(
                        MEMBER,
                        "127.0.0.1",
                        "verify-full",
                        Map.of("sslrootcert", authority.toString(), "sslcert", "/none", "sslkey", "/none")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void theSameNamesMeanTheSameInAUrl() {
        String url =
                "cockroachdb://" + MEMBER + "@127.0.0.1:" + server.port() + "/postgres?sslmode=verify-full&sslcert="
                        + memberCertificate + "&sslkey=" + memberKey + "&sslrootcert=";

        assertThat(Database.connect("target", DatabaseUrl.parse("target", url + authority))
                        .version())
                .contains("PostgreSQL");
        assertThatThrownBy(() -> Database.connect("target", DatabaseUrl.parse("target", url + otherAuthority)))
                .isInstanceOf(RefusedException.class);
    }
}
