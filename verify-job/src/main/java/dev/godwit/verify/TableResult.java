package dev.godwit.verify;

import dev.godwit.database.catalog.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts together what several workers find in the ranges of one table: the listener hears of it in key order and by one thread at a time.
 *
 * <p>Differences of a range wait in memory for those of all ranges before it; a worker that has found many waits with them. The first range that
 * is not finished never waits, and ranges are begun in order, so some worker always goes on.
 */
final class TableResult {
    private static final int DIFFERENCES_WAITING_MAX = 5_000;
    private static final long CHARACTERS_WAITING_MAX = 4L << 20;
    private static final long PATIENCE_MILLIS = 200;

    private final TablePlan plan;
    private final int differencesListedMax;
    private final VerifyListener listener;
    private final StopSignal stop;
    private final List<RowDifference> first = new ArrayList<>();
    private final Tally tally = new Tally();
    private final BitSet finished = new BitSet();
    private final Map<Integer, OfRange> waiting = new HashMap<>();
    private int head;

    TableResult(TablePlan plan, int differencesListedMax, VerifyListener listener, StopSignal stop) {
        this.plan = plan;
        this.differencesListedMax = differencesListedMax;
        this.listener = listener;
        this.stop = stop;
    }

    OfRange ofRange(int number) {
        return new OfRange(number);
    }

    synchronized TableReport report() {
        return new TableReport(
                table(),
                tally.counts(plan.columnMismatch()),
                first,
                Optional.empty(),
                Optional.empty(),
                finished.cardinality());
    }

    private TableName table() {
        return plan.table();
    }

    private void tell(RowDifference difference) {
        if (first.size() < differencesListedMax) {
            first.add(difference);
        }
        listener.rowDiffers(table(), difference);
    }

    /** The result of one range. Used by one thread. */
    final class OfRange implements RangeResult {
        private final int number;
        private final Deque<RowDifference> untold = new ArrayDeque<>();
        private long characters;

        private OfRange(int number) {
            this.number = number;
        }

        @Override
        public void differs(RowDifference difference) {
            synchronized (TableResult.this) {
                untold.add(difference);
                characters += difference.characters();
                while (head < number && isFull()) {
                    waitForHead();
                }
                if (head == number) {
                    tellAll();
                }
            }
        }

        private boolean isFull() {
            return untold.size() > DIFFERENCES_WAITING_MAX || characters > CHARACTERS_WAITING_MAX;
        }

        private void waitForHead() {
            stop.check();
            try {
                TableResult.this.wait(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stop.give();
                stop.check();
            }
        }

        private void tellAll() {
            untold.forEach(TableResult.this::tell);
            untold.clear();
            characters = 0;
        }

        @Override
        public void add(Tally more) {
            synchronized (TableResult.this) {
                tally.add(more);
                listener.progress(table(), tally.truthRows);
            }
        }

        /** Nothing comes any more. */
        void finish() {
            synchronized (TableResult.this) {
                finished.set(number);
                waiting.put(number, this);
                while (finished.get(head)) {
                    waiting.remove(head).tellAll();
                    head++;
                }
                TableResult.this.notifyAll();
            }
        }
    }
}
