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
 * Writes a history into topics as a changefeed does: rows out of order between promises, old ones repeated at any
 * time, promises repeated.
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
        for (int i = 0; i < transactions.size(); i++) {
            emit(transactions.get(i), pending);
            if (random.nextInt(4) == 0 || i == transactions.size() - 1) {
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
                Event promise =
                        new Event.Resolved((HybridTimestamp) transactions.get(i).position());
                for (String name : names) {
                    topics.append(name, promise);
                    if (random.nextInt(10) == 0) {
                        topics.append(name, promise);
                    }
                }
            }
        }
        return topics;
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
