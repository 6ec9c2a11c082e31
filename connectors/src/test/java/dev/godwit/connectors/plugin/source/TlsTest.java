package dev.godwit.connectors.plugin.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.connectors.plugin.wire.WireConnection;
import dev.godwit.connectors.plugin.wire.WireSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each sslmode accepts and refuses, against a server whose certificate is for the name localhost only. */
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path directory;

    private static SqlChangefeedServer server;
    private static Path authority;
    private static Path otherAuthority;

    @BeforeAll
    static void start() throws Exception {
        KeyStore store = keyStore("server");
        authority = certificate(store, "server");
        otherAuthority = certificate(keyStore("other"), "other");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server = new SqlChangefeedServer("CockroachDB CCL v25.4.0 (tests)", context);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static KeyStore keyStore(String name) throws Exception {
        Path file = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-J-Duser.language=en",
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:localhost",
                        "-ext",
                        "bc:c",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        assertThat(keytool.waitFor()).as("keytool").isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static Path certificate(KeyStore store, String name) throws Exception {
        String pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(store.getCertificate(name).getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        return Files.writeString(directory.resolve(name + ".crt"), pem);
    }

    private static String version(String host, String sslMode, Path rootCertificate) throws IOException {
        Map<String, String> tls = new HashMap<>(Map.of("sslmode", sslMode));
        if (rootCertificate != null) {
            tls.put("sslrootcert", rootCertificate.toString());
        }
        WireSettings settings = new WireSettings("shop", "root", "", tls, "tls-test", Duration.ofSeconds(10));
        try (WireConnection connection = WireConnection.open(settings, new WireSettings.Node(host, server.port()))) {
            return new String(connection.query(FeedSql.VERSION).get(0)[0], StandardCharsets.UTF_8);
        }
    }

    @Test
    void theRightCertificateForTheRightNameIsAccepted() throws IOException {
        assertThat(version("localhost", "verify-full", authority)).startsWith("CockroachDB");
        assertThat(version("127.0.0.1", "verify-ca", authority)).startsWith("CockroachDB");
        assertThat(version("127.0.0.1", "require", null)).startsWith("CockroachDB");
    }

    @Test
    void aCertificateForAnotherNameIsRefused() {
        assertThatThrownBy(() -> version("127.0.0.1", "verify-full", authority))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another name");
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() {
        assertThatThrownBy(() -> version("localhost", "verify-full", otherAuthority))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> version("localhost", "verify-ca", otherAuthority))
                .isInstanceOf(IOException.class);
    }
}
