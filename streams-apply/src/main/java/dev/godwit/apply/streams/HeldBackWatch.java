package dev.godwit.apply.streams;

import dev.godwit.apply.OperatorLog;
import dev.godwit.apply.streams.OpenKafkaTransactions.Open;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator, once each, of Kafka transactions that hold input records back for long: without a word, an applier that
 * has nothing to do looks the same as one that may not go on. Looks in a thread of its own, and changes nothing.
 */
final class HeldBackWatch implements AutoCloseable {
    /** Connect's transactions are ended by the broker after a minute by default. */
    private static final Duration LONG = Duration.ofMinutes(2);

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(HeldBackWatch.class);

    private final String direction;
    private final Admin admin;
    private final OpenKafkaTransactions transactions;
    private final Collection<TopicPartition> partitions;
    private final Consumer<String> operator;
    private final Duration patience;
    private final CountDownLatch closing = new CountDownLatch(1);
    /** When each was seen first. Used by the thread that looks. */
    private final Map<Open, Long> seen = new HashMap<>();

    private final Set<Open> told = new HashSet<>();

    HeldBackWatch(
            String direction,
            Admin admin,
            Collection<TopicPartition> partitions,
            Consumer<String> operator,
            Duration patience) {
        this.direction = direction;
        this.admin = admin;
        this.transactions = new OpenKafkaTransactions(admin);
        this.partitions = partitions;
        this.operator = operator;
        this.patience = patience;
    }

    /** @param admin which is closed with this */
    static HeldBackWatch start(String direction, Admin admin, Collection<TopicPartition> partitions) {
        HeldBackWatch watch = new HeldBackWatch(direction, admin, partitions, OperatorLog.LOG::warn, LONG);
        Thread thread = new Thread(watch::run, "godwit-held-back " + direction);
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private void run() {
        try {
            while (!closing.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void look() throws InterruptedException {
        try {
            Set<Open> open = new HashSet<>(transactions.first(partitions));
            seen.keySet().retainAll(open);
            told.retainAll(open);
            long now = System.nanoTime();
            for (Open one : open) {
                long since = seen.computeIfAbsent(one, added -> now);
                if (now - since >= patience.toNanos() && told.add(one)) {
                    operator.accept(words(one, Duration.ofNanos(now - since)));
                }
            }
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.info("{}: it is not known whether records are held back: {}", direction, e.getMessage());
        }
    }

    private String words(Open open, Duration since) throws InterruptedException {
        String outlook = transactions
                .endsByItself(open)
                .map(byItself -> byItself
                        ? "its coordinator knows of it and will end it (transaction.timeout.ms of the producer)"
                        : "its coordinator knows of no such transaction and will never end it: it hangs; nothing is lost, and"
                                + " nothing goes on until it is ended by hand: see docs/operations.md, \"Kafka Connect does not"
                                + " come back\"")
                .orElse("its coordinator does not say whether it will end it");
        return direction + ": records of " + open.partition() + " from offset " + open.startOffset()
                + " on are held back since " + since.toSeconds() + " s or longer by a Kafka transaction (producer id "
                + open.producerId() + ", epoch " + open.producerEpoch() + "); " + outlook;
    }

    @Override
    public void close() {
        closing.countDown();
        admin.close(Duration.ofSeconds(1));
    }
}
