package dev.godwit.apply.registry;

import dev.godwit.database.RefusedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the registry is reached. The keys are those of Confluent's clients, so that one set of Kafka properties serves all:
 *
 * <ul>
 *   <li>{@code schema.registry.url}: one or several, with commas; without a user in it
 *   <li>{@code basic.auth.user.info} ({@code user:password}) or {@code bearer.auth.token}, each also with
 *       {@code schema.registry.} in front
 *   <li>{@code schema.registry.ssl.truststore.location}, {@code .password}, {@code .type} (JKS, PKCS12 or PEM), and
 *       {@code schema.registry.ssl.keystore.location}, {@code .password}, {@code .type} for a client certificate
 * </ul>
 *
 * @param urls without a slash at the end, in the order in which they are asked
 * @param authorization the header of that name
 */
public record RegistrySettings(
        List<URI> urls, Optional<String> authorization, Optional<Store> trustStore, Optional<Store> keyStore) {
    private static final String PREFIX = "schema.registry.";

    /** A file with certificates or keys. */
    public record Store(Path location, Optional<String> password, String type) {
        @Override
        public String toString() {
            return type + " " + location;
        }
    }

    /**
     * @return empty if the properties name no registry
     * @throws RefusedException if what they say is no URL, or two ways of logging in are given
     */
    public static Optional<RegistrySettings> of(Map<String, String> properties) {
        String urls = properties.get(PREFIX + "url");
        if (urls == null || urls.isBlank()) {
            return Optional.empty();
        }
        List<URI> parsed = new ArrayList<>();
        for (String url : urls.split(",")) {
            parsed.add(url(url.strip()));
        }
        return Optional.of(new RegistrySettings(
                List.copyOf(parsed),
                authorization(properties),
                store(properties, "truststore"),
                store(properties, "keystore")));
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text.replaceAll("/+$", ""));
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (web && url.getHost() != null && url.getUserInfo() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // The text may hold a password: neither it nor the exception, which repeats it, is shown.
        }
        throw new RefusedException(
                "schema.registry.url is no URL of a Schema Registry",
                "write http://host:port or https://host:port, the user in basic.auth.user.info");
    }

    private static Optional<String> authorization(Map<String, String> properties) {
        Optional<String> user = either(properties, "basic.auth.user.info");
        Optional<String> token = either(properties, "bearer.auth.token");
        if (user.isPresent() && token.isPresent()) {
            throw new RefusedException(
                    "both basic.auth.user.info and bearer.auth.token are set for the Schema Registry", "keep one");
        }
        return user.map(text -> "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
                .or(() -> token.map(text -> "Bearer " + text));
    }

    private static Optional<String> either(Map<String, String> properties, String key) {
        return Optional.ofNullable(properties.getOrDefault(PREFIX + key, properties.get(key)))
                .filter(text -> !text.isBlank());
    }

    private static Optional<Store> store(Map<String, String> properties, String kind) {
        String prefix = PREFIX + "ssl." + kind + ".";
        return Optional.ofNullable(properties.get(prefix + "location"))
                .map(location -> new Store(
                        Path.of(location),
                        Optional.ofNullable(properties.get(prefix + "password")),
                        properties.getOrDefault(prefix + "type", "JKS")));
    }

    /** Without what opens the door. */
    @Override
    public String toString() {
        return "Schema Registry at " + urls;
    }
}
