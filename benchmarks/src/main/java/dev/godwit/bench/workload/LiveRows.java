package dev.godwit.bench.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** The rows of one table that exist at the moment; one is picked or removed in constant time. */
final class LiveRows {
    private final BenchTable table;
    private final SplittableRandom random;
    private final boolean skewed;
    private final List<LiveRow> rows = new ArrayList<>();
    private LiveRow marked;

    /** A row that exists. */
    static final class LiveRow {
        private final LiveRow parent;
        private final List<LiveRow> children = new ArrayList<>();
        private String[] values;
        private int place;
        private int lastLine;

        LiveRow(LiveRow parent, String... values) {
            this.parent = parent;
            this.values = values;
        }

        String[] values() {
            return values;
        }

        String id() {
            return values[0];
        }

        List<LiveRow> children() {
            return children;
        }

        int nextLine() {
            return ++lastLine;
        }
    }

    /** @param skewed the row at place n is picked with a probability of about 1 / n (Zipf's law) */
    LiveRows(BenchTable table, SplittableRandom random, boolean skewed) {
        this.table = table;
        this.random = random;
        this.skewed = skewed;
    }

    /** The row that tells where the history is; it is never picked. */
    LiveRow mark(LiveRow row) {
        marked = row;
        return row;
    }

    LiveRow marked() {
        return marked;
    }

    LiveRow add(LiveRow row) {
        row.place = rows.size();
        rows.add(row);
        if (row.parent != null) {
            row.parent.children.add(row);
        }
        return row;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    LiveRow at(int place) {
        return rows.get(place);
    }

    LiveRow pick() {
        int place = skewed ? (int) Math.pow(rows.size() + 1.0, random.nextDouble()) - 1 : random.nextInt(rows.size());
        return rows.get(place);
    }

    RowChange update(LiveRow row, String[] values) {
        row.values = values;
        return new RowChange(table, RowChange.Operation.UPDATE, values);
    }

    RowChange insert(LiveRow row) {
        add(row);
        return new RowChange(table, RowChange.Operation.INSERT, row.values);
    }

    RowChange remove(LiveRow row) {
        LiveRow last = rows.remove(rows.size() - 1);
        if (last != row) {
            rows.set(row.place, last);
            last.place = row.place;
        }
        if (row.parent != null) {
            row.parent.children.remove(row);
        }
        return new RowChange(table, RowChange.Operation.DELETE, row.values);
    }

    void forEach(Consumer<String[]> reader) {
        reader.accept(marked.values);
        rows.forEach(row -> reader.accept(row.values));
    }
}
