package dev.godwit.apply.streams;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Which transactions of Kafka hold records back from readers of committed records. A producer's transaction that its
 * coordinator knows of is ended by it at the latest after {@code transaction.timeout.ms}; one that it does not know of (a
 * <em>hanging</em> one) is never ended, and no reader gets past it.
 */
final class OpenKafkaTransactions {
    private static final long ANSWERS_WITHIN_SECONDS = 30;
    private static final Set<TransactionState> ENDS_BY_ITSELF =
            Set.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    private final Admin admin;

    OpenKafkaTransactions(Admin admin) {
        this.admin = admin;
    }

    /**
     * @param startOffset where its records begin, and everybody has to wait
     * @param producerEpoch of the transaction
     */
    record Open(TopicPartition partition, long startOffset, long producerId, int producerEpoch) {}

    /**
     * The first one in each partition that has records behind its last stable offset.
     *
     * @throws ExecutionException if the broker refuses to tell
     * @throws TimeoutException if it does not answer
     */
    List<Open> first(Collection<TopicPartition> partitions)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, Long> stable = ends(partitions, IsolationLevel.READ_COMMITTED);
        Map<TopicPartition, Long> ends = ends(partitions, IsolationLevel.READ_UNCOMMITTED);
        List<TopicPartition> held = partitions.stream()
                .filter(partition -> stable.get(partition) < ends.get(partition))
                .toList();
        if (held.isEmpty()) {
            return List.of();
        }
        List<Open> open = new ArrayList<>();
        for (Map.Entry<TopicPartition, PartitionProducerState> partition :
                get(admin.describeProducers(held).all()).entrySet()) {
            for (ProducerState producer : partition.getValue().activeProducers()) {
                long start = producer.currentTransactionStartOffset().orElse(-1);
                if (start >= 0 && start <= stable.get(partition.getKey())) {
                    open.add(new Open(partition.getKey(), start, producer.producerId(), producer.producerEpoch()));
                }
            }
        }
        return open;
    }

    /** Whether its coordinator will end it; empty if nobody says. */
    Optional<Boolean> endsByItself(Open open) throws InterruptedException {
        try {
            Collection<TransactionListing> known =
                    get(admin.listTransactions(new ListTransactionsOptions().filterProducerIds(Set.of(open.producerId)))
                            .all());
            return Optional.of(known.stream().anyMatch(listing -> ENDS_BY_ITSELF.contains(listing.state())));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, IsolationLevel level)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        get(admin.listOffsets(latest, new ListOffsetsOptions(level)).all())
                .forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS);
    }
}
