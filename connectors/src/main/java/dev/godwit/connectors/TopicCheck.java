package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import org.apache.kafka.clients.admin.Config;

/** Says whether a topic that is already there can carry a phase. */
final class TopicCheck {
    private TopicCheck() {}

    static void check(String topic, int partitions, Config config, TopicSettings settings) {
        if (partitions != settings.partitions()) {
            throw new RefusedException(
                    "topic " + topic + " has " + partitions + " partitions and must have " + settings.partitions(),
                    "delete the topic if nothing else uses it, or choose another name for migration or phase");
        }
        String cleanup = config.get("cleanup.policy").value();
        if (!cleanup.equals("delete")) {
            throw unfit(
                    topic, "cleanup.policy", cleanup, "delete", "compaction drops changes that were not applied yet");
        }
        long retentionMs = Long.parseLong(config.get("retention.ms").value());
        if (retentionMs >= 0 && (settings.retentionMs() < 0 || retentionMs < settings.retentionMs())) {
            throw unfit(
                    topic,
                    "retention.ms",
                    Long.toString(retentionMs),
                    Long.toString(settings.retentionMs()),
                    "changes would be deleted before they are applied");
        }
        String retentionBytes = config.get("retention.bytes").value();
        if (Long.parseLong(retentionBytes) >= 0) {
            throw unfit(
                    topic, "retention.bytes", retentionBytes, "-1", "changes would be deleted before they are applied");
        }
        long messageBytesMax = Long.parseLong(config.get("max.message.bytes").value());
        if (messageBytesMax < settings.messageBytesMax()) {
            throw unfit(
                    topic,
                    "max.message.bytes",
                    Long.toString(messageBytesMax),
                    Integer.toString(settings.messageBytesMax()),
                    "a large row would stop the connector");
        }
    }

    private static RefusedException unfit(String topic, String setting, String found, String wanted, String why) {
        return new RefusedException(
                "topic " + topic + " is there with " + setting + "=" + found + ": " + why,
                "kafka-configs.sh --alter --entity-type topics --entity-name " + topic + " --add-config " + setting
                        + "=" + wanted);
    }
}
