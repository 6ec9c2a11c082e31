package dev.godwit.connectors;

import dev.godwit.connectors.plugin.NoDefaults;
import dev.godwit.database.RefusedException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Debezium's messages as Avro, with their schemas in a registry, in Confluent's wire format: a zero byte, four bytes of schema id.
 * The applier sees by itself that they are Avro.
 *
 * @param converterClass of the Connect worker: {@link #APICURIO}, or {@link #CONFLUENT} where the user has put Confluent's jars
 *     beside Debezium's
 * @param registryUrl as the Connect worker reaches it: Apicurio's own API ({@code .../apis/registry/v2}) for Apicurio's converter,
 *     Confluent's for Confluent's
 * @param more further settings of the converter, without {@code key.converter.} or {@code value.converter.}: logging in, TLS
 */
public record AvroConversion(String converterClass, String registryUrl, Map<String, String> more) {
    public static final String APICURIO = "io.apicurio.registry.utils.converter.AvroConverter";
    public static final String CONFLUENT = "io.confluent.connect.avro.AvroConverter";

    private static final String REGISTRY_URL = "avro.registry.url";
    private static final String CONVERTER = "avro.converter";
    private static final String CONVERTER_CLASS = CONVERTER + ".class";

    private static final Pattern URL = Pattern.compile("https?://[^\\s@]+");

    /** What decides how values and ids are written. */
    private static final Set<String> FIXED = Set.of(
            "apicurio.registry.as-confluent",
            "apicurio.registry.use-id",
            "apicurio.registry.id-handler",
            "apicurio.registry.headers.enabled",
            "apicurio.registry.avro.encoding",
            "use.latest.version",
            "latest.compatibility.strict");

    /** @throws RefusedException if a setting cannot be meant, or decides how values are written */
    public AvroConversion {
        more = Map.copyOf(more);
        if (!URL.matcher(registryUrl).matches()) {
            throw new RefusedException(
                    "the registry's URL is no URL",
                    "write http://host:port/path, as the Connect worker reaches it, without user and password");
        }
        for (String setting : more.keySet()) {
            if (FIXED.contains(setting)) {
                throw new RefusedException(
                        "the converter setting " + setting + " cannot be changed",
                        "leave it out; the applier relies on it");
            }
        }
    }

    /**
     * What the settings {@code avro.registry.url}, {@code avro.converter.class} and {@code avro.converter.<setting>} say.
     *
     * @return empty if no registry is named: then messages are JSON
     */
    static Optional<AvroConversion> of(Map<String, String> connectorSettings) {
        Map<String, String> more = new HashMap<>();
        connectorSettings.forEach((key, value) -> {
            if (key.startsWith(CONVERTER + ".") && !key.equals(CONVERTER_CLASS)) {
                more.put(key.substring(CONVERTER.length() + 1), value);
            } else if (isSetting(key) && !key.equals(REGISTRY_URL) && !key.equals(CONVERTER_CLASS)) {
                throw new RefusedException(
                        "there is no setting " + key,
                        "use " + REGISTRY_URL + ", " + CONVERTER_CLASS + " and " + CONVERTER
                                + ".<setting of the converter>");
            }
        });
        String url = connectorSettings.get(REGISTRY_URL);
        if (url == null && (!more.isEmpty() || connectorSettings.containsKey(CONVERTER_CLASS))) {
            throw new RefusedException("an Avro converter is set without a registry", "set " + REGISTRY_URL);
        }
        return Optional.ofNullable(url)
                .map(registry ->
                        new AvroConversion(connectorSettings.getOrDefault(CONVERTER_CLASS, APICURIO), registry, more));
    }

    static boolean isSetting(String key) {
        return key.startsWith("avro.");
    }

    /** Puts itself in the place of the JSON converter. */
    void replaceIn(Map<String, String> configuration) {
        configuration.keySet().removeIf(key -> key.startsWith("key.converter") || key.startsWith("value.converter"));
        configuration.putAll(configuration());
    }

    private Map<String, String> configuration() {
        Map<String, String> configuration = new LinkedHashMap<>();
        for (String side : List.of("key", "value")) {
            String prefix = side + ".converter";
            configuration.put(prefix, converterClass);
            converter().forEach((key, value) -> configuration.put(prefix + "." + key, value));
            more.forEach((key, value) -> configuration.put(prefix + "." + key, value));
        }
        // Avro knows letters, digits and underscores. In this form the applier reads every name back as it was.
        configuration.put("field.name.adjustment.mode", "avro_unicode");
        configuration.put("schema.name.adjustment.mode", "avro_unicode");
        // Both converters write the default of a column where it is NULL.
        configuration.put("transforms", "nodefaults");
        configuration.put("transforms.nodefaults.type", NoDefaults.class.getName());
        return configuration;
    }

    private Map<String, String> converter() {
        if (converterClass.startsWith("io.apicurio.")) {
            return Map.of(
                    "apicurio.registry.url", registryUrl,
                    "apicurio.registry.auto-register", "true",
                    // The ids that Confluent's API knows, in Confluent's four bytes, in front of the value.
                    "apicurio.registry.as-confluent", "true",
                    "apicurio.registry.use-id", "contentId",
                    "apicurio.registry.headers.enabled", "false",
                    "apicurio.registry.find-latest", "false",
                    "apicurio.registry.auto-register.if-exists", "RETURN_OR_UPDATE");
        }
        return Map.of(
                "schema.registry.url", registryUrl,
                "auto.register.schemas", "true",
                "ignore.default.for.nullables", "true");
    }
}
