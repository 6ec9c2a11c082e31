package dev.godwit.connectors.plugin.wire;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/**
 * Where to connect to and as whom.
 *
 * @param tls {@code sslmode} ({@code disable}, {@code require}, {@code verify-ca} or {@code verify-full}), {@code sslrootcert},
 *     {@code sslcert}, {@code sslkey}, {@code sslpassword}, as pgjdbc knows them
 * @param connectWithin for the connection and the log-in together
 */
public record WireSettings(
        String database,
        String user,
        String password,
        Map<String, String> tls,
        String applicationName,
        Duration connectWithin) {

    public WireSettings {
        tls = Map.copyOf(tls);
    }

    /** Host and port of one node. */
    public record Node(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    String sslMode() {
        return tls.getOrDefault("sslmode", "verify-full");
    }

    Properties tlsProperties() {
        Properties properties = new Properties();
        properties.putAll(tls);
        properties.setProperty("sslmode", sslMode());
        properties.setProperty("user", user);
        return properties;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user + "@" + database;
    }
}
