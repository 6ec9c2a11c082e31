package dev.godwit.apply.simulation;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.simulation.History.SourceTransaction;
import dev.godwit.apply.simulation.PartitionedFeed.Emission;
import dev.godwit.apply.simulation.Script.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes a history as Godwit's connector does: when it dies, each partition may have got another part of what was under way. Then
 * it begins again with a whole transaction, at the place that it has stored or before.
 */
final class PartitionedDebezium {
    private final PartitionedFeed feed;
    private final Random random;
    private final List<SourceTransaction> transactions;
    /** Of each transaction, with numbers for its changes that stay the same when it comes again. */
    private final List<List<Change>> changes = new ArrayList<>();

    private int storedTransactions;
    private int storedSteps;

    private PartitionedDebezium(History history, PartitionedFeed feed) {
        this.feed = feed;
        this.random = feed.random;
        this.transactions = history.transactions();
        transactions.forEach(transaction ->
                changes.add(transaction.changes().stream().map(feed::numbered).toList()));
    }

    static Script write(History history, PartitionedFeed feed) {
        return new PartitionedDebezium(history, feed).write();
    }

    private Script write() {
        for (int i = 0; i < transactions.size(); ) {
            boolean dies = random.nextInt(25) == 0;
            List<Emission> emissions = emissions(i);
            int sent = dies ? random.nextInt(emissions.size() + 1) : emissions.size();
            emissions.subList(0, sent).forEach(feed::append);
            if (dies) {
                loseTails();
                i = random.nextInt(4) == 0 ? random.nextInt(storedTransactions + 1) : storedTransactions;
                continue;
            }
            i++;
            if (i > storedTransactions && (random.nextInt(3) == 0 || i == transactions.size())) {
                storedTransactions = i;
                storedSteps = feed.script.size();
                feed.script.stored(transactions.get(i - 1).position());
            }
        }
        return feed.script;
    }

    /** What Kafka had not acknowledged yet may have arrived or not; in each partition the earlier before the later. */
    private void loseTails() {
        List<Step> since = feed.script.steps().subList(storedSteps, feed.script.size());
        Set<TopicPartition> partitions = new HashSet<>();
        since.stream().filter(step -> step.stored() == null).forEach(step -> partitions.add(step.partition()));
        List<Step> kept = new ArrayList<>(since);
        partitions.stream()
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .forEach(partition -> {
                    long left = random.nextInt((int) since.stream()
                                    .filter(step -> partition.equals(step.partition()))
                                    .count()
                            + 1);
                    for (int i = kept.size() - 1; i >= 0 && left > 0; i--) {
                        if (partition.equals(kept.get(i).partition())) {
                            kept.remove(i);
                            left--;
                        }
                    }
                });
        feed.script.replace(storedSteps, kept);
    }

    private List<Emission> emissions(int index) {
        SourceTransaction transaction = transactions.get(index);
        Lsn end = (Lsn) transaction.position();
        String xid = String.valueOf(100 + index);
        // The connector may have seen the commit of a transaction without rows before this one, or not.
        Position place = index == 0
                ? null
                : new Lsn(((Lsn) transactions.get(index - 1).position()).value() + (random.nextInt(3) == 0 ? 30 : 0));
        List<Emission> emissions = new ArrayList<>();
        // Transactions run side by side: rows may stand in the log before the ends of those that committed earlier.
        long lsn = Math.max(0, end.value() - 50 - (index % 2 == 0 ? 0 : 37L * index % 500));
        long order = 0;
        for (Change change : changes.get(index)) {
            order++;
            Event row = new Event.TransactionRow(
                    xid,
                    change.table().name().toString(),
                    order,
                    order,
                    new Lsn(lsn + order / 2), // two rows of one page
                    Meaning.DATA,
                    change,
                    null,
                    place);
            emissions.add(new Emission(feed.partition(change), row));
        }
        long last = order + 1;
        // Whoever changes the same row has to wait for the commit before.
        Lsn beforeEnd = new Lsn(end.value() - 1);
        emissions.addAll(feed.beside(
                transaction,
                (meaning, marker) ->
                        new Event.TransactionRow(xid, "_godwit", last, last, beforeEnd, meaning, null, marker, place)));
        return emissions;
    }
}
