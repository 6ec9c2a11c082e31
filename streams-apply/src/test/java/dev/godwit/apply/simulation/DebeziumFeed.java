package dev.godwit.apply.simulation;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.simulation.History.SourceTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Writes a history into topics as Debezium does, now and then going back some events as after a crash of the
 * connector.
 */
final class DebeziumFeed {
    private static final String PREFIX = "m-p-forward.";

    private record Emission(String topic, Event event) {}

    private DebeziumFeed() {}

    static Topics write(History history, Random random) {
        List<Emission> emissions = new ArrayList<>();
        List<Integer> begins = new ArrayList<>();
        int xid = 100;
        for (SourceTransaction transaction : history.transactions()) {
            begins.add(emissions.size());
            emit(transaction, String.valueOf(xid++), random, emissions);
        }
        Topics topics = new Topics();
        history.layouts()
                .forEach(layout -> topics.append(PREFIX + layout.table().name(), Event.NOTHING));
        topics.append(PREFIX + "_godwit.applied", Event.NOTHING);
        topics.append(PREFIX + "_godwit.watermark", Event.NOTHING);
        // Godwit's connector begins again with a whole transaction, Debezium's own anywhere.
        boolean wholeTransactions = random.nextBoolean();
        int next = 0;
        while (next < emissions.size()) {
            Emission emission = emissions.get(next++);
            topics.append(emission.topic, emission.event);
            if (random.nextInt(60) == 0) {
                int sent = next;
                next -= random.nextInt(Math.min(next, 25) + 1);
                if (wholeTransactions) {
                    int place = next;
                    next = begins.stream().filter(begin -> begin <= place).reduce(0, Math::max);
                }
                loseTails(emissions.subList(next, sent), topics, random);
            }
        }
        return topics;
    }

    /** Of what Kafka had not acknowledged yet, each topic may have got another part. */
    private static void loseTails(List<Emission> unacknowledged, Topics topics, Random random) {
        Map<String, Integer> counts = new TreeMap<>();
        unacknowledged.forEach(emission -> counts.merge(emission.topic, 1, Integer::sum));
        counts.forEach((topic, count) -> topics.lose(topic, random.nextBoolean() ? 0 : random.nextInt(count + 1)));
    }

    private static void emit(SourceTransaction transaction, String xid, Random random, List<Emission> emissions) {
        Lsn end = (Lsn) transaction.position();
        emissions.add(new Emission(PREFIX + "transaction", Event.NOTHING));
        Map<String, Long> counts = new HashMap<>();
        // Transactions run side by side: rows may stand in the log before the ends of those that committed earlier.
        long lsn = Math.max(0, end.value() - 50 - (random.nextBoolean() ? 0 : random.nextInt(500)));
        long order = 0;
        for (Change change : transaction.changes()) {
            order++;
            String collection = change.table().name().toString();
            Event row =
                    new Event.TransactionRow(xid, collection, order, new Lsn(lsn + order), Meaning.DATA, change, null);
            emissions.add(row(collection, row, counts));
        }
        if (transaction.marker() != null) {
            order++;
            String collection = "_godwit.watermark";
            Event row = new Event.TransactionRow(
                    xid, collection, order, new Lsn(lsn + order), Meaning.WATERMARK, null, transaction.marker());
            emissions.add(row(collection, row, counts));
        }
        if (transaction.echo()) {
            order++;
            String collection = "_godwit.applied";
            Event row =
                    new Event.TransactionRow(xid, collection, order, new Lsn(lsn + order), Meaning.ECHO, null, null);
            emissions.add(row(collection, row, counts));
        }
        emissions.add(new Emission(
                PREFIX + "transaction",
                new Event.TransactionEnd(xid, end, Instant.ofEpochSecond(end.value()), order, counts)));
    }

    private static Emission row(String collection, Event row, Map<String, Long> counts) {
        counts.merge(collection, 1L, Long::sum);
        return new Emission(PREFIX + collection, row);
    }
}
