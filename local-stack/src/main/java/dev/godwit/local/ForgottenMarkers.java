package dev.godwit.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the commit and abort markers that a lone broker has forgotten when it was restarted or killed.
 *
 * <p>Between the decision to commit and the markers, a broker may end. Its successor's coordinator is there before its own port
 * is; the markers wait; the controller fences the former registration, so that no partition has a leader; and Kafka 4.3.1's
 * {@code TransactionMarkerChannelManager} takes partitions without a leader for deleted ones, skips their markers, and calls the
 * transaction complete. It then hangs: no reader of committed records gets past it, for ever. Where partitions have replicas on
 * other brokers, they have a leader, and this does not happen. So what the coordinator has decided is done here, as it would
 * have done it.
 */
final class ForgottenMarkers {
    private static final short BOTH_SIDES_BUMP_EPOCHS = 2; // transaction.version
    private static final long ANSWERS_WITHIN_SECONDS = 60;
    private static final Logger log = LoggerFactory.getLogger(ForgottenMarkers.class);

    private final String bootstrapServers;
    private final int port;

    ForgottenMarkers(String bootstrapServers, int port) {
        this.bootstrapServers = bootstrapServers;
        this.port = port;
    }

    /** Returns when all transactions that are complete have their markers. Leaves alone those that are not. */
    void write() throws Exception {
        // Decisions first: markers come before the word that all is complete, so whatever is open behind it has none.
        Map<TransactionDecisions.Transaction, TransactionResult> decided = TransactionDecisions.read(bootstrapServers);
        Map<TransactionDecisions.Transaction, List<Open>> open = open();
        List<TxnMarkerEntry> forgotten = new ArrayList<>();
        open.forEach((transaction, places) -> {
            TransactionResult result = decided.get(transaction);
            if (result != null) {
                forgotten.add(new TxnMarkerEntry(
                        transaction.producerId(),
                        transaction.epoch(),
                        places.stream().mapToInt(Open::coordinatorEpoch).max().orElse(0),
                        result,
                        places.stream().map(Open::partition).toList(),
                        BOTH_SIDES_BUMP_EPOCHS));
            }
        });
        if (!forgotten.isEmpty()) {
            log.info("the broker has forgotten markers of transactions; they are written: {}", forgotten);
            send(forgotten);
        }
    }

    /** Where a transaction is open, and the last coordinator that the partition heard of: an older one would be refused. */
    private record Open(TopicPartition partition, int coordinatorEpoch) {}

    private Map<TransactionDecisions.Transaction, List<Open>> open()
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TransactionDecisions.Transaction, List<Open>> open = new HashMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Set<String> topics = get(
                    admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
            List<TopicPartition> all = new ArrayList<>();
            get(admin.describeTopics(topics).allTopicNames()).forEach((topic, description) -> description
                    .partitions()
                    .forEach(partition -> all.add(new TopicPartition(topic, partition.partition()))));
            get(admin.describeProducers(all).all()).forEach((partition, state) -> state.activeProducers().stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .forEach(producer -> open.computeIfAbsent(withMarkers(producer), added -> new ArrayList<>())
                            .add(new Open(partition, producer.coordinatorEpoch().orElse(0)))));
        }
        return open;
    }

    /** The epoch is one higher behind each transaction, and its markers have that. */
    private static TransactionDecisions.Transaction withMarkers(ProducerState producer) {
        return new TransactionDecisions.Transaction(producer.producerId(), (short) (producer.producerEpoch() + 1));
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS);
    }

    /** Brokers say this to each other; no client of Kafka's does. */
    private void send(List<TxnMarkerEntry> markers) throws IOException {
        short version = ApiKeys.WRITE_TXN_MARKERS.latestVersion();
        RequestHeader header = new RequestHeader(ApiKeys.WRITE_TXN_MARKERS, version, "local-stack", 1);
        ByteBuffer request =
                new WriteTxnMarkersRequest.Builder(markers).build(version).serializeWithHeader(header);
        byte[] response;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                DataInputStream in = new DataInputStream(socket.getInputStream())) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(ANSWERS_WITHIN_SECONDS));
            out.writeInt(request.remaining());
            out.write(request.array(), request.arrayOffset() + request.position(), request.remaining());
            out.flush();
            response = new byte[in.readInt()];
            in.readFully(response);
        }
        WriteTxnMarkersResponse answer =
                (WriteTxnMarkersResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(response), header);
        answer.errorsByProducerId()
                .forEach((producer, errors) -> errors.forEach((partition, error) -> {
                    if (error.code() != 0) {
                        throw new IllegalStateException("the marker of producer " + producer + " in " + partition
                                + " could not be written: " + error.message());
                    }
                }));
    }
}
