package dev.godwit.apply.schedule;

import dev.godwit.apply.ApplyConfig.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;

/**
 * What one connection has before it, in commit order. Whatever a transaction in here must not overtake is applied, or
 * in here before it. Guarded by {@link Lanes}.
 */
final class Lane {
    final int index;
    /** Something has come, or what the first was waiting for is applied. */
    final Condition work;

    private final PriorityQueue<Ticket> queue = new PriorityQueue<>();
    private final BatchSize size;
    private long rows;
    private boolean writing;
    private long writingRows;

    Lane(int index, Condition work, Limits limits) {
        this.index = index;
        this.work = work;
        this.size = new BatchSize(limits);
    }

    void add(Ticket ticket) {
        ticket.lane = this;
        queue.add(ticket);
        rows += ticket.rows();
        work.signal();
    }

    /** The rows that are queued or being written. */
    long load() {
        return rows + writingRows;
    }

    /** How many rows to give it in one go. */
    long chunkRows() {
        return size.rowsMax() / 2;
    }

    /** The first may have become one that has nothing to wait for any more. */
    void wakeIfAlone() {
        if (!queue.isEmpty() && queue.peek().alone) {
            work.signal();
        }
    }

    /**
     * What to write next: empty if there is nothing, or if the first has to wait for other lanes.
     *
     * @param appliedUpTo everything up to this number is applied
     */
    List<Ticket> take(long appliedUpTo) {
        List<Ticket> batch = new ArrayList<>();
        Ticket first = queue.peek();
        if (writing || first == null || (first.alone && appliedUpTo < first.number - 1)) {
            return batch;
        }
        long batchRows = 0;
        long characters = 0;
        do {
            Ticket ticket = queue.poll();
            batch.add(ticket);
            batchRows += ticket.rows();
            characters += ticket.characters;
        } while (!first.alone && fits(queue.peek(), batchRows, characters));
        rows -= batchRows;
        writing = true;
        writingRows = batchRows;
        return batch;
    }

    private boolean fits(Ticket next, long batchRows, long characters) {
        return next != null
                && !next.alone
                && batchRows + next.rows() <= size.rowsMax()
                && characters + next.characters <= size.charactersMax();
    }

    /** The batch is applied. */
    void written(long batchRows, long nanos) {
        writing = false;
        writingRows = 0;
        size.written(batchRows, nanos);
    }

    /** The batch is not applied: each is written by itself, when everything earlier is in. */
    void putBack(List<Ticket> batch) {
        writing = false;
        writingRows = 0;
        for (Ticket ticket : batch) {
            ticket.alone = true;
            add(ticket);
        }
    }
}
