package dev.godwit.apply.write;

import dev.godwit.apply.ApplyConfig.LargeTransactions;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.SpilledChanges;
import java.util.ArrayList;
import java.util.List;

/** Cuts the changes of a large transaction into parts that fit into memory. Used by one thread. */
final class Chunks {
    private final SpilledChanges.Reader reader;
    private final LargeTransactions limits;
    private Change next;
    private long nextPlace;
    private long place;

    Chunks(SpilledChanges.Reader reader, LargeTransactions limits) {
        this.reader = reader;
        this.limits = limits;
        this.place = reader.order();
        advance();
    }

    private void advance() {
        next = reader.next();
        nextPlace = reader.order();
    }

    boolean hasNext() {
        return next != null;
    }

    /** Where the last change of the last chunk stands in the transaction. */
    long place() {
        return place;
    }

    /**
     * At least one change. A row that lacks values because its key has changed stays with the delete of its old key: what
     * it lacks is read before that is gone.
     */
    List<Change> next() {
        List<Change> chunk = new ArrayList<>();
        long bytes = 0;
        while (next != null
                && (chunk.isEmpty()
                        || next.movedFrom() != null
                        || (chunk.size() < limits.chunkRowsMax() && bytes < limits.chunkBytesMax()))) {
            chunk.add(next);
            bytes += next.bytes();
            place = nextPlace;
            advance();
        }
        return chunk;
    }
}
