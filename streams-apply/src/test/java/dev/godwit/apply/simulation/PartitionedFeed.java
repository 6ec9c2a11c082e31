package dev.godwit.apply.simulation;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.simulation.History.SourceTransaction;
import dev.godwit.database.catalog.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;

/** Where the changes of a history go, if their topics have several partitions: by their key. */
final class PartitionedFeed {
    private static final String PREFIX = "m-p-d.";
    static final String WATERMARK = PREFIX + "_godwit.watermark";
    static final String APPLIED = PREFIX + "_godwit.applied";
    /** The partition of the one row of the watermark table that concerns this direction. */
    static final int MARKERS = 0;

    private final History history;
    final Random random;
    final int partitions;
    final Script script = new Script();
    private long changes;

    PartitionedFeed(History history, Random random, int partitions) {
        this.history = history;
        this.random = random;
        this.partitions = partitions;
    }

    /** A record that the source sends. */
    record Emission(TopicPartition partition, Event event) {}

    List<String> topics() {
        List<String> topics = new ArrayList<>();
        history.layouts().forEach(layout -> topics.add(PREFIX + layout.table().name()));
        topics.add(APPLIED);
        topics.add(WATERMARK);
        return topics;
    }

    List<TopicPartition> partitionsOf(int number) {
        return topics().stream().map(topic -> new TopicPartition(topic, number)).toList();
    }

    /** @param key as {@link dev.godwit.apply.change.Key#toString()} has it */
    static int partition(TableName table, String key, int partitions) {
        return Math.floorMod((table + key).hashCode(), partitions);
    }

    /** With a number of its own as its origin. */
    Change numbered(Change change) {
        return new Change(
                change.table(),
                change.operation(),
                change.key(),
                change.before(),
                change.after(),
                change.movedFrom(),
                new Origin(new TopicPartition("change", 0), changes++));
    }

    TopicPartition partition(Change change) {
        TableName table = change.table().name();
        return new TopicPartition(PREFIX + table, partition(table, change.key().toString(), partitions));
    }

    /** Marks of Kafka's transactions stand between records now and then. */
    void append(Emission emission) {
        script.append(emission.partition, emission.event);
        if (random.nextInt(20) == 0) {
            script.append(emission.partition, null);
        }
    }

    /** What others than the rows say in a transaction: a marker, the mark of another direction that is none of ours. */
    List<Emission> beside(SourceTransaction transaction, EventOf event) {
        List<Emission> emissions = new ArrayList<>();
        if (transaction.marker() != null) {
            emissions.add(new Emission(
                    new TopicPartition(WATERMARK, MARKERS), event.of(Meaning.WATERMARK, transaction.marker())));
        }
        if (random.nextInt(8) == 0) {
            emissions.add(new Emission(
                    new TopicPartition(APPLIED, random.nextInt(partitions)), event.of(Meaning.ECHO, null)));
        }
        return emissions;
    }

    interface EventOf {
        Event of(Meaning meaning, String marker);
    }
}
