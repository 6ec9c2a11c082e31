package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How topics of a phase are made.
 *
 * @param partitions of the topics of tables: 1 in the modes that keep transactions whole
 * @param retention how long messages stay; empty for ever (the default). It must outlast the longest outage of the applier or
 *     of the replication target, plus the longest transaction: what is deleted before it was applied is lost, and apply refuses to go on.
 * @param messageBytesMax the largest message in bytes, 1 KiB to 1 GiB. A row is one message, with the old version too where its table has
 *     {@code REPLICA IDENTITY FULL}, as JSON (bytea doubles its size); a larger one stops the connector.
 */
public record TopicSettings(int partitions, Optional<Duration> retention, int messageBytesMax) {
    /** One partition, kept for ever, messages up to 64 MiB. */
    public static final TopicSettings CONSISTENT = new TopicSettings(1, Optional.empty(), 64 * 1024 * 1024);

    public TopicSettings {
        if (partitions < 1 || messageBytesMax < 1024 || messageBytesMax > 1024 * 1024 * 1024) {
            throw new RefusedException(
                    "topics cannot have " + partitions + " partitions with messages up to " + messageBytesMax
                            + " bytes",
                    "take at least 1 partition, and 1 KiB to 1 GiB for messages");
        }
        if (retention.isPresent() && retention.get().toMillis() <= 0) {
            throw new RefusedException(
                    "topics cannot keep messages for " + retention.get(), "give a positive duration, or none");
        }
    }

    public TopicSettings withPartitions(int count) {
        return new TopicSettings(count, retention, messageBytesMax);
    }

    public TopicSettings withRetention(Duration newRetention) {
        return new TopicSettings(partitions, Optional.of(newRetention), messageBytesMax);
    }

    /** Messages stay for ever. */
    public TopicSettings withoutRetention() {
        return new TopicSettings(partitions, Optional.empty(), messageBytesMax);
    }

    long retentionMs() {
        return retention.map(Duration::toMillis).orElse(-1L);
    }

    Map<String, String> configs() {
        return Map.of(
                "cleanup.policy",
                "delete",
                "retention.ms",
                Long.toString(retentionMs()),
                "retention.bytes",
                "-1",
                "max.message.bytes",
                Integer.toString(messageBytesMax));
    }
}
