package dev.godwit.apply.immediate;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.TransactionRow;

/**
 * Of Debezium's rows. They come in commit order, and within a transaction by a running number. After a crash of the connector
 * whole transactions come again, in the same order; so the last new row tells what has come before.
 */
final class SeenTransactions implements Seen {
    private Last last;

    /** @param text null if nothing has come */
    SeenTransactions(String text) {
        last = text == null ? null : Last.parse(text);
    }

    /**
     * The last new row.
     *
     * @param place of its transaction; null if the message did not tell it
     * @param position of the row
     * @param number of the row in its transaction
     * @param withoutPlace the last transaction that had no place, as no other has been committed before it; null if none
     */
    private record Last(Position place, Position position, long number, String transaction, String withoutPlace) {
        private static final String NONE = "-";
        private static final int PARTS = 5;

        static Last parse(String text) {
            String[] parts = text.split(" ", PARTS);
            return new Last(
                    parts[0].equals(NONE) ? null : Position.parse(parts[0]),
                    Position.parse(parts[1]),
                    Long.parseLong(parts[2]),
                    parts[4],
                    parts[3].equals(NONE) ? null : parts[3]);
        }

        /** Its parts, each behind a blank. */
        @Override
        public String toString() {
            return (place == null ? NONE : place) + " " + position + " " + number + " "
                    + (withoutPlace == null ? NONE : withoutPlace) + " " + transaction;
        }
    }

    @Override
    public boolean isRepeated(Origin origin, Event event) {
        TransactionRow row = (TransactionRow) event;
        if (last != null && isBefore(origin, row)) {
            return true;
        }
        String withoutPlace = row.place() == null ? row.transactionId() : last == null ? null : last.withoutPlace;
        last = new Last(row.place(), row.position(), row.totalOrder(), row.transactionId(), withoutPlace);
        return false;
    }

    private boolean isBefore(Origin origin, TransactionRow row) {
        if (row.transactionId().equals(last.transaction)) {
            // By where the row itself stands: the place may be an earlier one when the transaction comes again. Rows
            // that were
            // written together share their position.
            int inLog = row.position().compareTo(last.position);
            return inLog < 0 || (inLog == 0 && row.totalOrder() <= last.number);
        }
        if (row.place() == null) {
            if (row.transactionId().equals(last.withoutPlace)) {
                return true;
            }
            throw new ApplyException(
                    "the record at " + origin + " does not tell its place in the source's log, and may be"
                            + " older than what has come before it: the connector has begun anew without its stored offset. Load the"
                            + " phase again");
        }
        return last.place != null && row.place().compareTo(last.place) < 0;
    }

    @Override
    public boolean isPassed(Origin origin, Event row) {
        return last != null && isBefore(origin, (TransactionRow) row);
    }

    @Override
    public void again(Origin origin, Event row) {
        // The last one is known.
    }

    @Override
    public void resolved(Event.Resolved promise) {
        throw new ApplyException("a resolved timestamp among messages of Debezium");
    }

    @Override
    public Object mark() {
        return last;
    }

    @Override
    public long needed(long next) {
        return next;
    }
}
