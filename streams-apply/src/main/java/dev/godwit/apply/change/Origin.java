package dev.godwit.apply.change;

import org.apache.kafka.common.TopicPartition;

/** The Kafka record that something was decoded from. */
public record Origin(TopicPartition partition, long offset) {
    @Override
    public String toString() {
        return partition.topic() + "-" + partition.partition() + "@" + offset;
    }
}
