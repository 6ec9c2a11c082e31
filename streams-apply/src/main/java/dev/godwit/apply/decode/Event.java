package dev.godwit.apply.decode;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Position;
import java.time.Instant;
import java.util.Map;

/** What one Kafka record says. */
public sealed interface Event {

    /** What a row event has beside its change: whether it is Godwit's own mark, or a drain marker of this domain. */
    enum Meaning {
        /** A change of the data. */
        DATA,
        /** A row of {@code _godwit.applied}: the whole transaction was written by Godwit. */
        ECHO,
        /** A row of {@code _godwit.watermark}. */
        WATERMARK
    }

    /**
     * A row event of Debezium.
     *
     * @param transactionId the part of the id that all events of a transaction share
     * @param collection {@code schema.table}, as {@link TransactionEnd#eventCounts} names it
     * @param totalOrder place of the event in its transaction, from 1. When the transaction comes again it may be another one, if
     *     the connector captures more tables then
     * @param collectionOrder place among the events of its collection in the transaction, from 1; always the same
     * @param position of this event; at or before the transaction's end
     * @param change null unless {@code meaning} is DATA
     * @param marker only for a watermark of this domain, else null
     * @param place tells transactions of one topic apart: never falls from one transaction to the next. Null if the message
     *     does not tell it
     */
    record TransactionRow(
            String transactionId,
            String collection,
            long totalOrder,
            long collectionOrder,
            Position position,
            Meaning meaning,
            Change change,
            String marker,
            Position place)
            implements Event {

        /** Without a place, and known within its collection by its place in the transaction. */
        public TransactionRow(
                String transactionId,
                String collection,
                long totalOrder,
                Position position,
                Meaning meaning,
                Change change,
                String marker) {
            this(transactionId, collection, totalOrder, totalOrder, position, meaning, change, marker, null);
        }
    }

    /**
     * The end of a transaction, from Debezium's transaction topic.
     *
     * @param eventCounts events per data collection ({@code schema.table})
     */
    record TransactionEnd(
            String transactionId,
            Position position,
            Instant committedAt,
            long eventCount,
            Map<String, Long> eventCounts)
            implements Event {}

    /** A row message of a changefeed. */
    record TimestampedRow(HybridTimestamp updated, Meaning meaning, Change change, String marker) implements Event {}

    /** A promise of a changefeed for one partition: nothing new at or before {@code resolved} will follow. */
    record Resolved(HybridTimestamp resolved) implements Event {}

    /** Nothing to apply: a BEGIN, a tombstone. */
    record Nothing() implements Event {}

    Event NOTHING = new Nothing();
}
