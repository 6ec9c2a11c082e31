package dev.godwit.apply.simulation;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.simulation.History.SourceTransaction;
import dev.godwit.apply.simulation.PartitionedFeed.Emission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes a history as a changefeed does: rows in any order between promises, but the versions of one row in theirs; single ones repeated at any time, and, as after a
 * restart of the feed, many from some place on in any order and with gaps, while promises begin again from an earlier one. Each
 * partition gets each promise, one sooner than another.
 */
final class PartitionedChangefeed {
    private final PartitionedFeed feed;
    private final Random random;
    private final List<Emission> sent = new ArrayList<>();

    private PartitionedChangefeed(PartitionedFeed feed) {
        this.feed = feed;
        this.random = feed.random;
    }

    static Script write(History history, PartitionedFeed feed) {
        return new PartitionedChangefeed(feed).write(history.transactions());
    }

    private Script write(List<SourceTransaction> transactions) {
        List<Emission> pending = new ArrayList<>();
        int promised = -1;
        for (int i = 0; i < transactions.size(); i++) {
            emit(transactions.get(i), pending);
            boolean last = i == transactions.size() - 1;
            if (random.nextInt(4) > 0 && !last) {
                continue;
            }
            for (Emission emission : shuffled(pending)) {
                feed.append(emission);
                sent.add(emission);
                if (random.nextInt(10) == 0) {
                    feed.append(sent.get(random.nextInt(sent.size())));
                }
            }
            pending.clear();
            if (random.nextInt(8) == 0 && promised >= 0) {
                repeat();
                promise(transactions.get(random.nextInt(promised + 1)));
            }
            // Rows run ahead of promises.
            if (i > promised) {
                promised = last ? i : promised + 1 + random.nextInt(i - promised);
                promise(transactions.get(promised));
            }
        }
        return feed.script;
    }

    /** The versions of one row come in their order, the first time. */
    private List<Emission> shuffled(List<Emission> pending) {
        Map<String, Deque<Emission>> byRow = new HashMap<>();
        pending.forEach(emission ->
                byRow.computeIfAbsent(row(emission), row -> new ArrayDeque<>()).add(emission));
        List<Emission> order = new ArrayList<>(pending);
        Collections.shuffle(order, random);
        return order.stream().map(emission -> byRow.get(row(emission)).remove()).toList();
    }

    private static String row(Emission emission) {
        Event.TimestampedRow row = (Event.TimestampedRow) emission.event();
        return emission.partition() + " "
                + (row.change() == null ? row.meaning() : row.change().key());
    }

    private void promise(SourceTransaction upTo) {
        List<TopicPartition> all = new ArrayList<>();
        for (int i = 0; i < feed.partitions; i++) {
            all.addAll(feed.partitionsOf(i));
        }
        Collections.shuffle(all, random);
        Event promise = new Event.Resolved((HybridTimestamp) upTo.position());
        for (TopicPartition partition : all) {
            feed.append(new Emission(partition, promise));
            if (random.nextInt(15) == 0 && !sent.isEmpty()) {
                feed.append(sent.get(random.nextInt(sent.size())));
            }
        }
    }

    /** Not every row is sent again, and none in its place. */
    private void repeat() {
        List<Emission> again = new ArrayList<>(sent.subList(random.nextInt(sent.size() + 1), sent.size()));
        again.removeIf(emission -> random.nextInt(3) == 0);
        Collections.shuffle(again, random);
        again.forEach(feed::append);
    }

    private void emit(SourceTransaction transaction, List<Emission> pending) {
        HybridTimestamp updated = (HybridTimestamp) transaction.position();
        for (Change change : transaction.changes()) {
            Change numbered = feed.numbered(change);
            pending.add(new Emission(
                    feed.partition(numbered), new Event.TimestampedRow(updated, Meaning.DATA, numbered, null)));
        }
        pending.addAll(feed.beside(
                transaction, (meaning, marker) -> new Event.TimestampedRow(updated, meaning, null, marker)));
    }
}
