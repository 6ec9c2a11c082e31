package dev.godwit.apply.simulation;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.write.MemoryRows;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * Random transactions of a source, and what the slice of its tables holds after each of them. Rows have a region, by
 * which they move in and out of the slice, a value, a large value that is not sent where it has not changed, a value
 * that may have to be unique, a parent, and a value whose column is added in the course of the history. Which keys there
 * are, and whether old rows are sent, is random too.
 */
final class History {
    private static final int TABLES = 3;
    private static final int KEYS = 12;
    private static final int UNIQUES = 6;

    private final Random random;
    private final boolean eachKeyOnce;
    /** What mode immediate takes: no truncate, no echo, no parts of rows whose key has changed, no cascades. */
    private final boolean immediate;

    private final List<Layout> layouts = new ArrayList<>();
    private final Map<TableName, RowFilter> slices = new HashMap<>();
    private final RandomSchema schema;
    private final List<SourceTransaction> transactions = new ArrayList<>();
    /** What the source's tables hold, echoes left out: those rows belong to the other direction. */
    private final Map<TableName, Map<String, Row>> state = new HashMap<>();
    /** Position to content of the slice; values as {@link MemoryRows#text} has them. */
    private final TreeMap<Position, Map<TableName, Map<String, String>>> snapshots = new TreeMap<>();

    private final int lateFrom;
    private String lastMarker;
    private int number;

    /**
     * @param echo written by Godwit itself for the opposite direction: changes nothing on the target
     * @param marker of a drain; null if none
     */
    record SourceTransaction(Position position, List<Change> changes, boolean echo, String marker) {}

    /** @param changefeed each key once in a transaction, rows always whole, no truncate */
    History(Random random, int transactionCount, LongFunction<Position> positions, boolean changefeed) {
        this(random, transactionCount, positions, changefeed, false);
    }

    /** As mode immediate takes it. */
    static History forImmediate(
            Random random, int transactionCount, LongFunction<Position> positions, boolean changefeed) {
        return new History(random, transactionCount, positions, changefeed, true);
    }

    private History(
            Random random,
            int transactionCount,
            LongFunction<Position> positions,
            boolean changefeed,
            boolean immediate) {
        this.random = random;
        this.eachKeyOnce = changefeed;
        this.immediate = immediate;
        this.schema = new RandomSchema(random, TABLES, changefeed, !immediate);
        this.lateFrom = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(transactionCount);
        for (Table table : schema.tables()) {
            layouts.add(new Layout(table));
            // Keys that refer to rows outside of a slice are no business of the applier.
            if (!schema.isInForeignKey(table) && random.nextBoolean()) {
                slices.put(table.name(), RowFilter.parse("r = 'eu'", table));
            }
        }
        for (number = 1; number <= transactionCount; number++) {
            Position position = positions.apply(number);
            boolean echo = random.nextInt(10) == 0 && !immediate;
            String marker = random.nextInt(12) == 0 ? "m" + number : null;
            lastMarker = marker == null ? lastMarker : marker;
            transactions.add(new SourceTransaction(position, echo ? echoed() : changes(), echo, marker));
            snapshots.put(position, sliceContent());
        }
    }

    /** What Godwit wrote for the other direction; it must never come back. */
    private List<Change> echoed() {
        Layout layout = layouts.get(random.nextInt(TABLES));
        String id = "k" + random.nextInt(KEYS);
        Row row = row(layout, id, "eu", "echo", "echo", null, null);
        return List.of(new Change(layout.table(), Operation.UPSERT, new Key(id), null, row, null, null));
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
            change(layout, id, other, "v" + number + "." + i, changes, used);
        }
        return changes;
    }

    private void change(Layout layout, String id, String other, String value, List<Change> changes, Set<String> used) {
        Map<String, Row> content = content(layout);
        Row old = content.get(id);
        int dice = random.nextInt(40);
        if (dice == 0 && !eachKeyOnce && !immediate) {
            truncate(layout, changes);
        } else if (old == null) {
            put(layout, row(layout, id, region(), value, "big" + value, unique(layout), parent(layout, id)), changes);
        } else if (dice < 9) {
            delete(layout, old, changes, used);
        } else if (dice < 16 && !content.containsKey(other) && !hasChildren(layout, id)) {
            moveKey(layout, old, other, value, changes);
        } else if (dice < 24) {
            put(layout, row(layout, id, region(), value, "big" + value, unique(layout), parent(layout, id)), changes);
        } else {
            boolean same = random.nextBoolean();
            String unique = same ? old.value("u") : unique(layout);
            String parent = same ? old.value("p") : parent(layout, id);
            put(layout, row(layout, id, old.value("r"), value, unchanged(), unique, parent), changes);
        }
    }

    /** With all tables that refer to it, as CASCADE does it, in any order. */
    private void truncate(Layout layout, List<Change> changes) {
        Set<Layout> taken = new LinkedHashSet<>(List.of(layout));
        for (int before = 0; before < taken.size(); ) {
            before = taken.size();
            for (Layout parent : List.copyOf(taken)) {
                layouts.stream()
                        .filter(child -> schema.refersTo(child.table(), parent.table()))
                        .forEach(taken::add);
            }
        }
        List<Layout> inOrder = new ArrayList<>(taken);
        Collections.shuffle(inOrder, random);
        for (Layout one : inOrder) {
            content(one).clear();
            changes.add(new Change(one.table(), Operation.TRUNCATE, null, null, null, null));
        }
    }

    private Map<String, Row> content(Layout layout) {
        return state.computeIfAbsent(layout.table().name(), name -> new HashMap<>());
    }

    /** With its children, before or behind it: as an application does it, or ON DELETE CASCADE. */
    private void delete(Layout layout, Row row, List<Change> changes, Set<String> used) {
        String id = row.value("id");
        List<Change> deletes = new ArrayList<>();
        if (!deleteChildren(layout, id, deletes, used)) {
            return;
        }
        deletes.add(random.nextBoolean() ? 0 : deletes.size(), deleted(layout, row));
        deletes.forEach(change ->
                state.get(change.table().name()).remove(change.key().values().get(0)));
        changes.addAll(deletes);
    }

    /** @return false if a child's key was used in the transaction already, where it must not be used twice */
    private boolean deleteChildren(Layout parent, String id, List<Change> deletes, Set<String> used) {
        for (Layout child : layouts) {
            if (!schema.refersTo(child.table(), parent.table())) {
                continue;
            }
            for (Row row : List.copyOf(content(child).values())) {
                String childId = row.value("id");
                boolean itself = child == parent && childId.equals(id);
                boolean taken = deletes.stream()
                        .anyMatch(change -> change.table().equals(child.table())
                                && change.key().equals(new Key(childId)));
                if (itself || taken || !id.equals(row.value("p"))) {
                    continue;
                }
                if (eachKeyOnce && !used.add(child.table().name() + childId)) {
                    return false;
                }
                deletes.add(deleted(child, row));
                if (!deleteChildren(child, childId, deletes, used)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean hasChildren(Layout parent, String id) {
        return layouts.stream()
                .filter(child -> schema.refersTo(child.table(), parent.table()))
                .anyMatch(child -> content(child).values().stream().anyMatch(row -> id.equals(row.value("p"))));
    }

    private Change deleted(Layout layout, Row old) {
        Row before = schema.sendsOldRows(layout.table()) ? old : null;
        return new Change(layout.table(), Operation.DELETE, new Key(old.value("id")), before, null, null);
    }

    private void moveKey(Layout layout, Row old, String other, String value, List<Change> changes) {
        // Whatever enters the slice must come whole; what leaves it need not.
        String region = random.nextInt(3) == 0 ? "us" : old.value("r");
        content(layout).remove(old.value("id"));
        changes.add(deleted(layout, old));
        String parent = old.value("id").equals(old.value("p")) ? null : old.value("p");
        String big = immediate ? "big" + number : unchanged();
        Row sent = row(layout, other, region, value, big, old.value("u"), parent);
        Row whole = sent.over(old);
        content(layout).put(other, MemoryRows.withLate(whole, old));
        Key from = sent.isPartial() ? new Key(old.value("id")) : null;
        changes.add(new Change(layout.table(), Operation.UPSERT, new Key(other), Row.none(layout), sent, from, null));
    }

    /** Null where the large value is not sent. */
    private String unchanged() {
        return eachKeyOnce || random.nextBoolean() ? "big" + number : null;
    }

    private String region() {
        return random.nextInt(3) == 0 ? "us" : "eu";
    }

    /** One that nobody has; null now and then. */
    private String unique(Layout layout) {
        String unique = "u" + random.nextInt(UNIQUES);
        boolean taken = content(layout).values().stream().anyMatch(row -> unique.equals(row.value("u")));
        return taken ? null : unique;
    }

    /** The key of a row that is there; null now and then. */
    private String parent(Layout layout, String id) {
        Table parent = schema.parentOf(layout.table());
        if (parent == null || random.nextInt(5) == 0) {
            return null;
        }
        List<String> ids = new ArrayList<>(state.getOrDefault(parent.name(), Map.of()).keySet().stream()
                .sorted()
                .toList());
        if (parent.equals(layout.table()) && random.nextInt(4) == 0) {
            ids.add(id); // its own parent
        }
        return ids.isEmpty() ? null : ids.get(random.nextInt(ids.size()));
    }

    private void put(Layout layout, Row sent, List<Change> changes) {
        String id = sent.value("id");
        Row old = content(layout).get(id);
        Row before = old == null ? Row.none(layout) : schema.sendsOldRows(layout.table()) ? old : null;
        content(layout).put(id, MemoryRows.withLate(old == null ? sent : sent.over(old), old));
        changes.add(new Change(layout.table(), Operation.UPSERT, new Key(id), before, sent, null, null));
    }

    private Row row(Layout layout, String id, String region, String value, String big, String unique, String parent) {
        Row row = new Row(layout);
        row.set(0, id);
        row.set(1, region);
        row.set(2, value);
        if (big != null) {
            row.set(3, big);
        }
        row.set(4, unique);
        row.set(5, parent);
        if (number < lateFrom) {
            row.setYounger(MemoryRows.LATE);
        } else {
            row.set(MemoryRows.LATE, value);
        }
        return row;
    }

    private Map<TableName, Map<String, String>> sliceContent() {
        Map<TableName, Map<String, String>> slice = new TreeMap<>();
        state.forEach((table, content) -> {
            Map<String, String> values = new HashMap<>();
            content.forEach((id, row) -> {
                if (!slices.containsKey(table) || slices.get(table).matches(row::value)) {
                    values.put(new Key(id).toString(), MemoryRows.text(row));
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

    Set<TableName> tables() {
        return schema.catalog().tables().keySet();
    }

    List<Layout> layouts() {
        return layouts;
    }

    RandomSchema schema() {
        return schema;
    }

    /**
     * For every row that is ever in the slice, the transactions that change it there, with what it holds afterwards:
     * null if it is gone.
     */
    Map<TableName, Map<String, List<Version>>> versions() {
        Map<TableName, Map<String, List<Version>>> versions = new TreeMap<>();
        Map<TableName, Map<String, String>> before = Map.of();
        for (Map.Entry<Position, Map<TableName, Map<String, String>>> after : snapshots.entrySet()) {
            for (Layout layout : layouts) {
                TableName name = layout.table().name();
                Map<String, String> older = before.getOrDefault(name, Map.of());
                Map<String, String> newer = after.getValue().getOrDefault(name, Map.of());
                Set<String> keys = new HashSet<>(older.keySet());
                keys.addAll(newer.keySet());
                for (String key : keys) {
                    if (!Objects.equals(older.get(key), newer.get(key))) {
                        versions.computeIfAbsent(name, table -> new HashMap<>())
                                .computeIfAbsent(key, row -> new ArrayList<>())
                                .add(new Version(after.getKey(), newer.get(key)));
                    }
                }
            }
            before = after.getValue();
        }
        return versions;
    }

    /** What a row holds after a transaction. */
    record Version(Position position, String content) {}

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
