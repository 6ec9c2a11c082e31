package dev.godwit.local.changefeed;

import dev.godwit.database.RefusedException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics that are not there, with one partition and the broker's default replication. */
final class TopicCreation {
    private TopicCreation() {}

    static void ensure(String bootstrapServers, Collection<String> topics) {
        List<NewTopic> wanted = topics.stream()
                .map(topic -> new NewTopic(topic, Optional.of(1), Optional.empty()))
                .toList();
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 20_000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000))) {
            for (KafkaFuture<Void> created : admin.createTopics(wanted).values().values()) {
                await(bootstrapServers, created);
            }
        }
    }

    private static void await(String bootstrapServers, KafkaFuture<Void> created) {
        try {
            created.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new RefusedException(
                        "the topics of the changefeed could not be made on " + bootstrapServers + ": "
                                + e.getCause().getMessage(),
                        "check that the broker is reachable and lets topics be made",
                        e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were made", e);
        }
    }
}
