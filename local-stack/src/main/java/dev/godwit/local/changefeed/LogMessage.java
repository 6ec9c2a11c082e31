package dev.godwit.local.changefeed;

import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/** A message of PostgreSQL's output plug-in pgoutput, protocol version 1 (documentation, "Logical Replication Message Formats"). */
sealed interface LogMessage {

    /** @param commitMicros commit time, microseconds since 1970 */
    record Begin(long commitMicros, long transactionId) implements LogMessage {}

    /** @param endPosition just after the commit record: where to go on */
    record Commit(LogSequenceNumber endPosition) implements LogMessage {}

    /** Tells the columns of a table before its first row, and again whenever they have changed. */
    record Relation(int relationId, String schema, String table, List<RelationColumn> columns) implements LogMessage {}

    record RelationColumn(String name, int typeId) {}

    record Insert(int relationId, List<TupleValue> row) implements LogMessage {}

    /** @param before the whole old row; null if the table's replica identity is not FULL */
    record Update(int relationId, List<TupleValue> before, List<TupleValue> after) implements LogMessage {}

    record Delete(int relationId, List<TupleValue> before) implements LogMessage {}

    record Truncate(List<Integer> relationIds) implements LogMessage {}

    /** Type, origin and logical messages: nothing a changefeed would show. */
    record Other(char kind) implements LogMessage {}

    /**
     * A column's value.
     *
     * @param text as the type's output function writes it; null for SQL NULL and for an unchanged value
     * @param unchanged whether it was left out because it is stored apart (TOAST) and did not change
     */
    record TupleValue(String text, boolean unchanged) {
        static final TupleValue NULL = new TupleValue(null, false);
        static final TupleValue UNCHANGED = new TupleValue(null, true);
    }
}
