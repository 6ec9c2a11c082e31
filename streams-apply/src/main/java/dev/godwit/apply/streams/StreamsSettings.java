package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.GroupProtocol;
import org.apache.kafka.streams.StreamsConfig;

/** The settings of Kafka Streams, each with its reason. */
final class StreamsSettings {
    private StreamsSettings() {}

    /** @param tasks how many there are */
    static Properties of(ApplyConfig config, int tasks) {
        Properties settings = new Properties();
        settings.putAll(config.kafkaProperties());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, config.domain());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        settings.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, RecordTime.class);
        // Exactly-once comes from the ledger. Kafka's own kind would commit what is read, in transactions of its own.
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        // The protocol whose commits go through the consumer that RestartOffsetClients supplies.
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CLASSIC.name());
        settings.put(
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                Math.min(tasks, Runtime.getRuntime().availableProcessors()));
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        // Topics are read side by side, in the order of their records' times: a topic that runs ahead of the others
        // would pile up open transactions. What the broker is known to hold is waited for, an empty topic is not.
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, 0L);
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 2); // chunks
        // An outage of the broker may last as long as one of the target.
        Duration patience = config.limits().retryTimeMax().plusMinutes(2);
        settings.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, patience.toMillis());
        main(settings, ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // Taking over waits for the target inside the thread that polls; meanwhile the group must not give up on it.
        main(settings, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Math.toIntExact(patience.toMillis()));
        if (!config.kafkaProperties().containsKey(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)) {
            int sessionTimeoutMs = (int) config.limits().sessionTimeout().toMillis();
            settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionTimeoutMs);
            settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, sessionTimeoutMs / 4);
        }
        return settings;
    }

    /** The strongest form of a consumer setting: no other prefix overrides it. */
    private static void main(Properties settings, String name, Object value) {
        settings.put(StreamsConfig.mainConsumerPrefix(name), value);
    }
}
