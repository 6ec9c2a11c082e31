package dev.godwit.bench.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/**
 * A seeded history of transactions over some tables, made step by step: the same workload, number of changes and
 * seed make the same history, in any process. Not thread-safe.
 *
 * <p>In every table the row with key {@value #MARK_KEY} is written by the first and by the last transaction, and by
 * no other: who reads it sees where an applier is.
 */
public abstract class History {
    /** In all key columns. */
    public static final String MARK_KEY = "0";
    /** What the marked rows hold after the first transaction. */
    public static final String BEGUN = "begun";
    /** What the marked rows hold after the last transaction. */
    public static final String ENDED = "ended";

    private static final int TRANSACTION_ROWS_MAX = 20;

    final SplittableRandom random;
    final RandomValues values;

    private final long changesMin;
    private long changes;
    private long transactions;

    History(long changesMin, long seed) {
        this.changesMin = changesMin;
        this.random = new SplittableRandom(seed);
        this.values = new RandomValues(random);
    }

    /** Parents first. */
    public abstract List<BenchTable> tables();

    /** The rows that exist at the moment; before the first transaction, those that exist before the history. */
    public abstract void forEachRow(BiConsumer<BenchTable, String[]> reader);

    /** Adds one change, or a few that belong together. */
    abstract void change(List<RowChange> transaction);

    /** Updates of the marked rows. */
    abstract List<RowChange> mark(String text);

    /** The next transaction, of about 1 to {@value #TRANSACTION_ROWS_MAX} rows; null at the end. */
    public List<RowChange> next() {
        List<RowChange> transaction;
        if (transactions == 0) {
            transaction = mark(BEGUN);
        } else if (changes < changesMin) {
            transaction = new ArrayList<>();
            int rows = 1 + random.nextInt(TRANSACTION_ROWS_MAX);
            while (transaction.size() < rows) {
                change(transaction);
            }
        } else if (changes != Long.MAX_VALUE) {
            changes = Long.MAX_VALUE;
            return mark(ENDED);
        } else {
            return null;
        }
        transactions++;
        changes += transaction.size();
        return transaction;
    }

    static String[] with(String[] row, int column, String value) {
        String[] changed = row.clone();
        changed[column] = value;
        return changed;
    }
}
