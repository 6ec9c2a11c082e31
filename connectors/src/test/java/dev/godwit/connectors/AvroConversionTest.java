package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AvroConversionTest {
    private static Map<String, String> replaced(Map<String, String> settings) {
        Map<String, String> configuration = new HashMap<>(Map.of(
                "key.converter",
                "json",
                "value.converter",
                "json",
                "value.converter.schemas.enable",
                "false",
                "slot.name",
                "s"));
        AvroConversion.of(settings).ifPresent(avro -> avro.replaceIn(configuration));
        return configuration;
    }

    @Test
    void withoutARegistryMessagesStayJson() {
        assertThat(AvroConversion.of(Map.of("poll.interval.ms", "5"))).isEmpty();
    }

    @Test
    void apicuriosConverterWritesConfluentsIds() {
        assertThat(replaced(Map.of("avro.registry.url", "http://r:8080/apis/registry/v2")))
                .containsEntry("value.converter", AvroConversion.APICURIO)
                .containsEntry("key.converter.apicurio.registry.url", "http://r:8080/apis/registry/v2")
                .containsEntry("value.converter.apicurio.registry.as-confluent", "true")
                .containsEntry("value.converter.apicurio.registry.use-id", "contentId")
                .containsEntry("field.name.adjustment.mode", "avro_unicode")
                .containsEntry("slot.name", "s")
                .doesNotContainKey("value.converter.schemas.enable");
    }

    @Test
    void confluentsConverterIsTakenByItsName() {
        assertThat(replaced(Map.of(
                        "avro.registry.url", "https://r:8081",
                        "avro.converter.class", AvroConversion.CONFLUENT,
                        "avro.converter.basic.auth.user.info", "${env:REGISTRY_USER}")))
                .containsEntry("key.converter", AvroConversion.CONFLUENT)
                .containsEntry("value.converter.schema.registry.url", "https://r:8081")
                .containsEntry("value.converter.ignore.default.for.nullables", "true")
                .containsEntry("key.converter.basic.auth.user.info", "${env:REGISTRY_USER}");
    }

    @Test
    void settingsThatCannotBeMeantAreRefused() {
        for (Map<String, String> wrong : java.util.List.of(
                Map.of("avro.registry", "http://r"),
                Map.of("avro.converter.class", AvroConversion.CONFLUENT),
                Map.of("avro.registry.url", "r:8081"),
                Map.of("avro.registry.url", "http://u:p@r"),
                Map.of("avro.registry.url", "http://r", "avro.converter.apicurio.registry.use-id", "globalId"))) {
            assertThatThrownBy(() -> AvroConversion.of(wrong))
                    .as(wrong.toString())
                    .isInstanceOf(RefusedException.class);
        }
    }
}
