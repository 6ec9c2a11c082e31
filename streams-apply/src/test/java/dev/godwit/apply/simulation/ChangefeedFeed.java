package dev.godwit.apply.simulation;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.simulation.History.SourceTransaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Writes a history into topics as a changefeed does: rows out of order between promises, also those that no promise covers
 * yet; single ones repeated at any time; and, as after a restart of the feed, many from some place on, in any order and with gaps,
 * while promises begin again from an earlier one.
 */
final class ChangefeedFeed {
    private static final String PREFIX = "m-p-failback.shop.";

    private record Emission(String topic, Event event) {}

    private ChangefeedFeed() {}

    static Topics write(History history, Random random) {
        List<String> names = new ArrayList<>();
        history.layouts().forEach(layout -> names.add(PREFIX + layout.table().name()));
        names.add(PREFIX + "_godwit.applied");
        names.add(PREFIX + "_godwit.watermark");
        Topics topics = new Topics();
        List<Emission> sent = new ArrayList<>();
        List<Emission> pending = new ArrayList<>();
        List<SourceTransaction> transactions = history.transactions();
        int promised = -1;
        for (int i = 0; i < transactions.size(); i++) {
            emit(transactions.get(i), pending);
            boolean last = i == transactions.size() - 1;
            if (random.nextInt(4) == 0 || last) {
                Collections.shuffle(pending, random);
                for (Emission emission : pending) {
                    topics.append(emission.topic, emission.event);
                    sent.add(emission);
                    if (random.nextInt(10) == 0) {
                        Emission again = sent.get(random.nextInt(sent.size()));
                        topics.append(again.topic, again.event);
                    }
                }
                pending.clear();
                if (random.nextInt(8) == 0 && promised >= 0) {
                    repeat(sent, topics, random);
                    promise(transactions.get(random.nextInt(promised + 1)), names, topics, random);
                }
                // Rows run ahead of promises.
                promised = last ? i : promised + 1 + random.nextInt(i - promised);
                promise(transactions.get(promised), names, topics, random);
            }
        }
        return topics;
    }

    private static void promise(SourceTransaction upTo, List<String> names, Topics topics, Random random) {
        Event promise = new Event.Resolved((HybridTimestamp) upTo.position());
        for (String name : names) {
            topics.append(name, promise);
            if (random.nextInt(10) == 0) {
                topics.append(name, promise);
            }
        }
    }

    /** Not every row is sent again, and none in its place. */
    private static void repeat(List<Emission> sent, Topics topics, Random random) {
        List<Emission> again = new ArrayList<>(sent.subList(random.nextInt(sent.size() + 1), sent.size()));
        again.removeIf(emission -> random.nextInt(3) == 0);
        Collections.shuffle(again, random);
        again.forEach(emission -> topics.append(emission.topic, emission.event));
    }

    private static void emit(SourceTransaction transaction, List<Emission> pending) {
        HybridTimestamp updated = (HybridTimestamp) transaction.position();
        for (Change change : transaction.changes()) {
            pending.add(new Emission(
                    PREFIX + change.table().name(), new Event.TimestampedRow(updated, Meaning.DATA, change, null)));
        }
        if (transaction.marker() != null) {
            pending.add(new Emission(
                    PREFIX + "_godwit.watermark",
                    new Event.TimestampedRow(updated, Meaning.WATERMARK, null, transaction.marker())));
        }
        if (transaction.echo()) {
            pending.add(new Emission(
                    PREFIX + "_godwit.applied", new Event.TimestampedRow(updated, Meaning.ECHO, null, null)));
        }
    }
}
