package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.ledger.DomainState;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Before the first record: does Kafka begin to deliver at or before the place that the ledger needs? It would not
 * if somebody has reset the group's offsets, or if retention has deleted records that were not applied yet. Going
 * on then would lose them in silence.
 */
final class StartCheck {
    private final Admin admin;
    private final String group;
    private final Collection<TopicPartition> partitions;

    StartCheck(Admin admin, String group, Collection<TopicPartition> partitions) {
        this.admin = admin;
        this.group = group;
        this.partitions = partitions;
    }

    /** @throws ApplyException if a record that is still needed would not be delivered */
    void check(DomainState state) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                await("committed offsets", admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<TopicPartition, Long> earliest = await(
                        "earliest offsets",
                        admin.listOffsets(partitions.stream()
                                        .collect(Collectors.toMap(
                                                partition -> partition, partition -> OffsetSpec.earliest())))
                                .all())
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
        for (TopicPartition partition : partitions) {
            // What was never read and never applied is needed from its beginning.
            long needed = state.restartOffsets().getOrDefault(partition, 0L);
            OffsetAndMetadata group = committed.get(partition);
            long start = group == null ? earliest.get(partition) : group.offset();
            if (earliest.get(partition) > Math.min(needed, start)) {
                throw new ApplyException(
                        "topic " + partition.topic() + " now begins at offset " + earliest.get(partition)
                                + ", but records from offset " + Math.min(needed, start)
                                + " on are not applied yet: retention has deleted them. Load the"
                                + " phase again, with a longer retention.ms on the topic");
            }
            if (start > needed) {
                throw new ApplyException("group " + this.group + " would go on at offset " + start + " of topic "
                        + partition.topic()
                        + ", but the ledger needs it from offset " + needed
                        + ": somebody has moved the group's offsets. Reset them: kafka-consumer-groups --group "
                        + this.group
                        + " --topic " + partition.topic() + " --reset-offsets --to-offset " + needed + " --execute");
            }
        }
    }

    private static <T> T await(String what, org.apache.kafka.common.KafkaFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApplyException("interrupted while reading " + what, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ApplyException("cannot read " + what + " from Kafka: " + e.getMessage(), e);
        }
    }
}
