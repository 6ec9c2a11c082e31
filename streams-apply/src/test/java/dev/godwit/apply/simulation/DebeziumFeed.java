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
        int xid = 100;
        for (SourceTransaction transaction : history.transactions()) {
            emit(transaction, String.valueOf(xid++), emissions);
        }
        Topics topics = new Topics();
        history.layouts()
                .forEach(layout -> topics.append(PREFIX + layout.table().name(), Event.NOTHING));
        topics.append(PREFIX + "_godwit.applied", Event.NOTHING);
        int next = 0;
        while (next < emissions.size()) {
            Emission emission = emissions.get(next++);
            topics.append(emission.topic, emission.event);
            if (random.nextInt(60) == 0) {
                next -= random.nextInt(Math.min(next, 25) + 1);
            }
        }
        return topics;
    }

    private static void emit(SourceTransaction transaction, String xid, List<Emission> emissions) {
        Lsn end = (Lsn) transaction.position();
        emissions.add(new Emission(PREFIX + "transaction", Event.NOTHING));
        Map<String, Long> counts = new HashMap<>();
        long order = 0;
        for (Change change : transaction.changes()) {
            order++;
            String collection = change.table().name().toString();
            counts.merge(collection, 1L, Long::sum);
            emissions.add(new Emission(
                    PREFIX + collection,
                    new Event.TransactionRow(
                            xid, collection, order, new Lsn(end.value() - 50 + order), Meaning.DATA, change, null)));
        }
        if (transaction.echo()) {
            order++;
            counts.put("_godwit.applied", 1L);
            emissions.add(new Emission(
                    PREFIX + "_godwit.applied",
                    new Event.TransactionRow(
                            xid,
                            "_godwit.applied",
                            order,
                            new Lsn(end.value() - 50 + order),
                            Meaning.ECHO,
                            null,
                            null)));
        }
        emissions.add(new Emission(
                PREFIX + "transaction",
                new Event.TransactionEnd(xid, end, Instant.ofEpochSecond(end.value()), order, counts)));
    }
}
