package dev.godwit.apply.simulation;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.write.MemoryRows;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/** Every version that a history gives its rows, change by change, and which of them a reader has seen last. */
final class RowVersions {
    private final List<OfRow> all = new ArrayList<>();
    private final Map<TableName, Map<String, OfRow>> rows = new HashMap<>();

    /** @param content null if the row is not there, or outside of the slice */
    private record Version(Position position, String content) {}

    private static final class OfRow {
        private final TableName table;
        private final String key;
        private final List<Version> versions = new ArrayList<>();
        private int seen;

        OfRow(TableName table, String key) {
            this.table = table;
            this.key = key;
            versions.add(new Version(null, null));
        }

        /** The first version from here on that looks so; -1 if there is none. */
        int find(int from, String content) {
            for (int i = from; i < versions.size(); i++) {
                if (Objects.equals(versions.get(i).content, content)) {
                    return i;
                }
            }
            return -1;
        }
    }

    RowVersions(History history) {
        Map<TableName, Map<String, Row>> state = new HashMap<>();
        history.transactions().forEach(transaction -> transaction.changes().forEach(change -> {
            TableName table = change.table().name();
            String key = change.key().toString();
            Map<String, Row> content = state.computeIfAbsent(table, name -> new HashMap<>());
            Row old = content.get(key);
            Row now = change.operation() == Operation.DELETE ? null : whole(change, old);
            content.put(key, now);
            RowFilter slice = history.slices().get(table);
            boolean ours = now != null && (slice == null || slice.matches(now::value));
            rows.computeIfAbsent(table, name -> new HashMap<>())
                    .computeIfAbsent(key, name -> {
                        OfRow row = new OfRow(table, key);
                        all.add(row);
                        return row;
                    })
                    .versions
                    .add(new Version(transaction.position(), ours ? MemoryRows.text(now) : null));
        }));
    }

    private static Row whole(Change change, Row old) {
        return MemoryRows.withLate(old == null ? change.after() : change.after().over(old), old);
    }

    /** The row is as one of its versions, and that is none before the one it had. */
    void look(TableName table, String key, String content) {
        OfRow row = rows.get(table).get(key);
        int now = row.find(row.seen, content);
        if (now < 0) {
            throw new AssertionError(table + " " + key + " is " + content + " after "
                    + row.versions.get(row.seen).content
                    + (row.find(0, content) < 0 ? ", which it never was" : ", an older version"));
        }
        row.seen = now;
    }

    /**
     * All that was committed up to the point is there, of the rows of one partition.
     *
     * @param content what a row is now
     */
    void requireUpTo(Position point, int partition, int partitions, BiFunction<TableName, String, String> content) {
        for (OfRow row : all) {
            if (PartitionedFeed.partition(row.table, row.key, partitions) != partition) {
                continue;
            }
            int needed = 0;
            for (int i = 1; i < row.versions.size(); i++) {
                if (row.versions.get(i).position.compareTo(point) <= 0) {
                    needed = i;
                }
            }
            String now = content.apply(row.table, row.key);
            if (row.find(Math.max(needed, row.seen), now) < 0) {
                throw new AssertionError("the consistent point " + point + " is ahead of " + row.table + " " + row.key
                        + ", which is " + now + " instead of " + row.versions.get(needed).content);
            }
        }
    }
}
