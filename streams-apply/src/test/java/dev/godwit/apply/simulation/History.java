package dev.godwit.apply.simulation;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.write.MemoryTarget;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * Random transactions of a source, and what the slice of its tables holds after each of them. Rows have a region, by
 * which they move in and out of the slice, a value, and a large value that is not sent where it has not changed.
 */
final class History {
    private static final int TABLES = 3;
    private static final int KEYS = 12;

    private final Random random;
    private final boolean eachKeyOnce;
    private final List<Layout> layouts = new ArrayList<>();
    private final Map<TableName, RowFilter> slices = new HashMap<>();
    private final List<SourceTransaction> transactions = new ArrayList<>();
    /** What the source's tables hold, echoes left out: those rows belong to the other direction. */
    private final Map<TableName, Map<String, Row>> state = new HashMap<>();
    /** Position to content of the slice; values as {@link MemoryTarget#text} has them. */
    private final TreeMap<Position, Map<TableName, Map<String, String>>> snapshots = new TreeMap<>();

    private String lastMarker;
    private int number;

    /**
     * @param echo written by Godwit itself for the opposite direction: changes nothing on the target
     * @param marker of a drain; null if none
     */
    record SourceTransaction(Position position, List<Change> changes, boolean echo, String marker) {}

    /** @param changefeed each key once in a transaction, rows always whole, no truncate */
    History(Random random, int transactionCount, LongFunction<Position> positions, boolean changefeed) {
        this.random = random;
        this.eachKeyOnce = changefeed;
        for (int i = 0; i < TABLES; i++) {
            Layout layout = new Layout(table("t" + i));
            layouts.add(layout);
            if (random.nextBoolean()) {
                slices.put(layout.table().name(), RowFilter.parse("r = 'eu'", layout.table()));
            }
        }
        for (number = 1; number <= transactionCount; number++) {
            Position position = positions.apply(number);
            boolean echo = random.nextInt(10) == 0;
            String marker = random.nextInt(12) == 0 ? "m" + number : null;
            lastMarker = marker == null ? lastMarker : marker;
            transactions.add(new SourceTransaction(position, echo ? echoed() : changes(), echo, marker));
            snapshots.put(position, sliceContent());
        }
    }

    private static Table table(String name) {
        ColumnType text = new ColumnType(TypeKind.TEXT, "text", "text", -1, null);
        return new Table(
                new TableName("s", name),
                List.of(
                        new Column("id", text, false, Generation.NONE, false),
                        new Column("r", text, true, Generation.NONE, false),
                        new Column("v", text, true, Generation.NONE, false),
                        new Column("big", text, true, Generation.NONE, false)),
                List.of("id"),
                List.of(),
                ReplicaIdentity.DEFAULT);
    }

    /** What Godwit wrote for the other direction; it must never come back. */
    private List<Change> echoed() {
        Layout layout = layouts.get(random.nextInt(TABLES));
        String id = "k" + random.nextInt(KEYS);
        return List.of(upsert(layout, row(layout, id, "eu", "echo", "echo"), null));
    }

    private List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        Set<String> used = new HashSet<>();
        int count = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            Layout layout = layouts.get(random.nextInt(TABLES));
            String table = layout.table().name().toString();
            String id = "k" + random.nextInt(KEYS);
            String other = "k" + random.nextInt(KEYS);
            if (eachKeyOnce && (used.contains(table + id) || used.contains(table + other))) {
                continue;
            }
            used.add(table + id);
            used.add(table + other);
            change(layout, id, other, "v" + number + "." + i, changes);
        }
        return changes;
    }

    private void change(Layout layout, String id, String other, String value, List<Change> changes) {
        Map<String, Row> content = state.computeIfAbsent(layout.table().name(), name -> new HashMap<>());
        Row old = content.get(id);
        int dice = random.nextInt(40);
        if (dice == 0 && !eachKeyOnce) {
            content.clear();
            changes.add(new Change(layout.table(), Operation.TRUNCATE, null, null, null, null));
        } else if (old == null) {
            put(content, layout, row(layout, id, region(), value, "big" + value), null, changes);
        } else if (dice < 9) {
            content.remove(id);
            changes.add(new Change(layout.table(), Operation.DELETE, new Key(id), null, null, null));
        } else if (dice < 16 && !content.containsKey(other)) {
            moveKey(content, layout, old, other, value, changes);
        } else if (dice < 24) {
            put(content, layout, row(layout, id, region(), value, "big" + value), null, changes);
        } else {
            put(content, layout, row(layout, id, old.value("r"), value, unchanged()), null, changes);
        }
    }

    private void moveKey(
            Map<String, Row> content, Layout layout, Row old, String other, String value, List<Change> changes) {
        String id = old.value("id");
        // Whatever enters the slice must come whole; what leaves it need not.
        String region = random.nextInt(3) == 0 ? "us" : old.value("r");
        content.remove(id);
        changes.add(new Change(layout.table(), Operation.DELETE, new Key(id), null, null, null));
        Row sent = row(layout, other, region, value, unchanged());
        Row whole = sent.over(old);
        content.put(other, whole);
        changes.add(upsert(layout, sent, sent.isPartial() ? new Key(id) : null));
    }

    /** Null where the large value is not sent. */
    private String unchanged() {
        return eachKeyOnce || random.nextBoolean() ? "big" + number : null;
    }

    private String region() {
        return random.nextInt(3) == 0 ? "us" : "eu";
    }

    private static void put(Map<String, Row> content, Layout layout, Row sent, Key movedFrom, List<Change> changes) {
        content.merge(sent.value("id"), sent, (older, newer) -> newer.over(older));
        changes.add(upsert(layout, sent, movedFrom));
    }

    private static Change upsert(Layout layout, Row row, Key movedFrom) {
        return new Change(layout.table(), Operation.UPSERT, new Key(row.value("id")), null, row, movedFrom, null);
    }

    private static Row row(Layout layout, String id, String region, String value, String big) {
        Row row = new Row(layout);
        row.set(0, id);
        row.set(1, region);
        row.set(2, value);
        if (big != null) {
            row.set(3, big);
        }
        return row;
    }

    private Map<TableName, Map<String, String>> sliceContent() {
        Map<TableName, Map<String, String>> slice = new TreeMap<>();
        state.forEach((table, content) -> {
            Map<String, String> values = new HashMap<>();
            content.forEach((id, row) -> {
                if (!slices.containsKey(table) || slices.get(table).matches(row::value)) {
                    values.put(new Key(id).toString(), MemoryTarget.text(row));
                }
            });
            if (!values.isEmpty()) {
                slice.put(table, values);
            }
        });
        return slice;
    }

    List<SourceTransaction> transactions() {
        return transactions;
    }

    List<Layout> layouts() {
        return layouts;
    }

    Map<TableName, RowFilter> slices() {
        return slices;
    }

    /** Null if there was none. */
    String lastMarker() {
        return lastMarker;
    }

    /** The last marker at or before a position; null if none. */
    String markerAt(Position position) {
        String marker = null;
        for (SourceTransaction transaction : transactions) {
            if (transaction.position().compareTo(position) <= 0 && transaction.marker() != null) {
                marker = transaction.marker();
            }
        }
        return marker;
    }

    /** What the slice holds when everything up to the position has been applied, and nothing after it. */
    Map<TableName, Map<String, String>> contentAt(Position position) {
        Map.Entry<Position, Map<TableName, Map<String, String>>> floor =
                position == null ? null : snapshots.floorEntry(position);
        return floor == null ? Map.of() : floor.getValue();
    }

    Map<TableName, Map<String, String>> contentAtEnd() {
        return snapshots.lastEntry().getValue();
    }
}
