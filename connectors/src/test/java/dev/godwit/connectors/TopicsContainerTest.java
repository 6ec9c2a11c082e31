package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.kafka.KafkaContainer;

/** The topics on a Kafka of the users' kind, in a container: opt-in, {@code mvn test -Dgodwit.excluded.tags=}. */
@Tag("container")
class TopicsContainerTest {
    @Test
    void createsTheTopicsOfAPhaseAndFindsThemFitting() {
        try (KafkaContainer kafka = new KafkaContainer("apache/kafka:4.1.0")) {
            kafka.start();
            Set<String> names = Set.of("shop-eu-forward.shop.orders", "shop-eu-forward.transaction");
            try (Topics topics = Topics.on(kafka.getBootstrapServers(), Map.of())) {
                topics.create(names, TopicSettings.CONSISTENT);
                assertThatCode(() -> topics.check(names, TopicSettings.CONSISTENT))
                        .doesNotThrowAnyException();
                assertThat(topics.used(names)).isEmpty();
            }
        }
    }
}
