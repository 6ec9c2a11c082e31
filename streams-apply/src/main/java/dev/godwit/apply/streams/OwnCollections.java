package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.decode.Decoder;
import dev.godwit.apply.decode.Event;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.TableName;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a domain has only some of the tables of its direction: the end of a transaction counts the events of all tables, and
 * only those of these tables will come.
 */
final class OwnCollections implements Decoder {
    private final Decoder decoder;
    private final Set<String> collections;

    OwnCollections(Decoder decoder, ApplyConfig config) {
        this.decoder = decoder;
        this.collections = config.topics().values().stream()
                .map(table -> collection(config, table))
                .collect(Collectors.toSet());
    }

    /** As Debezium calls it: on MySQL by the database, which is the schema of the tables of the URL's database. */
    private static String collection(ApplyConfig config, TableName table) {
        boolean ofUrl = config.replicationSource().product() == Product.MYSQL
                && table.schema().equals(config.replicationSource().url().schema());
        return (ofUrl ? config.replicationSource().url().database() : table.schema()) + "." + table.name();
    }

    @Override
    public Event decode(Origin origin, byte[] key, byte[] value) {
        return own(decoder.decode(origin, key, value), collections);
    }

    /** The same event, if it is an END with the counts of these collections only. */
    static Event own(Event event, Set<String> collections) {
        if (!(event instanceof Event.TransactionEnd end)) {
            return event;
        }
        Map<String, Long> counts = end.eventCounts().entrySet().stream()
                .filter(entry -> collections.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        long count = counts.values().stream().mapToLong(Long::longValue).sum();
        return new Event.TransactionEnd(end.transactionId(), end.position(), end.committedAt(), count, counts);
    }
}
