package dev.godwit.bench.workload;

import dev.godwit.bench.workload.LiveRows.LiveRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** One table of 30 columns of mixed types: 55% updates, 35% inserts, 10% deletes. */
final class WideHistory extends History {
    private static final int COLUMNS = 30;
    private static final BenchTable WIDE = new BenchTable("wide", columns(), 1, List.of(), List.of());

    private final LiveRows rows;
    private long lastId;

    WideHistory(long changesMin, long seed) {
        super(changesMin, seed);
        rows = new LiveRows(WIDE, random, false);
        rows.mark(new LiveRow(null, row(MARK_KEY)));
        for (int i = 0; i < Math.max(20, changesMin / 4); i++) {
            rows.add(new LiveRow(null, row(nextId())));
        }
    }

    private static List<BenchTable.BenchColumn> columns() {
        List<BenchTable.BenchColumn> columns = new ArrayList<>();
        columns.add(BenchTable.column("id", ValueKind.BIGINT));
        ValueKind[] kinds = {
            ValueKind.TEXT, ValueKind.INTEGER, ValueKind.NUMERIC, ValueKind.TIMESTAMPTZ, ValueKind.BOOLEAN,
            ValueKind.TEXT, ValueKind.BIGINT, ValueKind.NUMERIC, ValueKind.UUID, ValueKind.DOUBLE_PRECISION,
            ValueKind.TEXT, ValueKind.SMALLINT, ValueKind.TIMESTAMPTZ, ValueKind.JSONB, ValueKind.REAL
        };
        for (int i = 1; i < COLUMNS; i++) {
            ValueKind kind = kinds[(i - 1) % kinds.length];
            columns.add(
                    kind == ValueKind.NUMERIC ? BenchTable.numeric("c" + i, 14, 2) : BenchTable.column("c" + i, kind));
        }
        return columns;
    }

    @Override
    public List<BenchTable> tables() {
        return List.of(WIDE);
    }

    @Override
    public void forEachRow(BiConsumer<BenchTable, String[]> reader) {
        rows.forEach(row -> reader.accept(WIDE, row));
    }

    @Override
    List<RowChange> mark(String text) {
        return List.of(rows.update(rows.marked(), with(rows.marked().values(), WIDE.markColumn(), text)));
    }

    @Override
    void change(List<RowChange> transaction) {
        int dice = random.nextInt(100);
        if ((dice >= 55 && dice < 90) || rows.isEmpty()) {
            transaction.add(rows.insert(new LiveRow(null, row(nextId()))));
        } else if (dice < 55) {
            LiveRow row = rows.pick();
            String[] changed = row.values().clone();
            for (int i = 0; i < 5; i++) {
                int column = 1 + random.nextInt(COLUMNS - 1);
                changed[column] =
                        values.orNull(values.of(WIDE.columns().get(column).kind()));
            }
            transaction.add(rows.update(row, changed));
        } else {
            transaction.add(rows.remove(rows.pick()));
        }
    }

    private String nextId() {
        return Long.toString(++lastId);
    }

    private String[] row(String id) {
        String[] row = new String[COLUMNS];
        row[0] = id;
        for (int i = 1; i < COLUMNS; i++) {
            row[i] = values.orNull(values.of(WIDE.columns().get(i).kind()));
        }
        return row;
    }
}
