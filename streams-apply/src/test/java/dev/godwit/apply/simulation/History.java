package dev.godwit.apply.simulation;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** Random transactions of a source, and what its tables hold after each of them. */
final class History {
    private static final int TABLES = 3;
    private static final int KEYS = 12;

    private final Random random;
    private final List<Layout> layouts = new ArrayList<>();
    private final List<SourceTransaction> transactions = new ArrayList<>();
    /** Position to content of all tables; keys and values as {@link dev.godwit.apply.write.MemoryTarget} has them. */
    private final TreeMap<Position, Map<TableName, Map<String, String>>> snapshots = new TreeMap<>();

    /** @param echo written by Godwit itself for the opposite direction: changes nothing on the target */
    record SourceTransaction(Position position, List<Change> changes, boolean echo) {}

    History(Random random, int transactionCount, LongFunction<Position> positions, boolean eachKeyOnce) {
        this.random = random;
        for (int i = 0; i < TABLES; i++) {
            layouts.add(new Layout(table("t" + i)));
        }
        Map<TableName, Map<String, String>> state = new TreeMap<>();
        for (int number = 1; number <= transactionCount; number++) {
            Position position = positions.apply(number);
            boolean echo = random.nextInt(10) == 0;
            List<Change> changes = changes(number, eachKeyOnce);
            transactions.add(new SourceTransaction(position, changes, echo));
            if (!echo) {
                changes.forEach(change -> apply(state, change));
            }
            snapshots.put(position, copy(state));
        }
    }

    private static Table table(String name) {
        ColumnType text = new ColumnType(TypeKind.TEXT, "text", "text", -1, null);
        return new Table(
                new TableName("s", name),
                List.of(
                        new Column("id", text, false, Generation.NONE, false),
                        new Column("v", text, true, Generation.NONE, false)),
                List.of("id"),
                List.of(),
                ReplicaIdentity.DEFAULT);
    }

    private List<Change> changes(int number, boolean eachKeyOnce) {
        Map<String, Change> byKey = new HashMap<>();
        List<Change> changes = new ArrayList<>();
        int count = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            Layout layout = layouts.get(random.nextInt(TABLES));
            String id = "k" + random.nextInt(KEYS);
            if (eachKeyOnce && byKey.containsKey(layout.table().name() + id)) {
                continue;
            }
            Change change = change(layout, id, "v" + number + "." + i, eachKeyOnce);
            byKey.put(layout.table().name() + id, change);
            changes.add(change);
        }
        return changes;
    }

    private Change change(Layout layout, String id, String value, boolean noTruncate) {
        int dice = random.nextInt(40);
        if (dice == 0 && !noTruncate) {
            return new Change(layout.table(), Operation.TRUNCATE, null, null, null, null);
        }
        if (dice < 10) {
            return new Change(layout.table(), Operation.DELETE, new Key(id), null, null, null);
        }
        Row row = new Row(layout);
        row.set(0, id);
        row.set(1, value);
        return new Change(layout.table(), Operation.UPSERT, new Key(id), null, row, null);
    }

    private static void apply(Map<TableName, Map<String, String>> state, Change change) {
        Map<String, String> content = state.computeIfAbsent(change.table().name(), name -> new HashMap<>());
        switch (change.operation()) {
            case TRUNCATE -> content.clear();
            case DELETE -> content.remove(change.key().toString());
            case UPSERT -> content.put(change.key().toString(), change.after().value(1));
        }
        if (content.isEmpty()) {
            state.remove(change.table().name());
        }
    }

    private static Map<TableName, Map<String, String>> copy(Map<TableName, Map<String, String>> state) {
        Map<TableName, Map<String, String>> copy = new TreeMap<>();
        state.forEach((table, content) -> copy.put(table, new HashMap<>(content)));
        return copy;
    }

    List<SourceTransaction> transactions() {
        return transactions;
    }

    List<Layout> layouts() {
        return layouts;
    }

    /** What the tables hold when everything up to the position has been applied, and nothing after it. */
    Map<TableName, Map<String, String>> contentAt(Position position) {
        Map.Entry<Position, Map<TableName, Map<String, String>>> floor =
                position == null ? null : snapshots.floorEntry(position);
        return floor == null ? Map.of() : floor.getValue();
    }

    Map<TableName, Map<String, String>> contentAtEnd() {
        return snapshots.lastEntry().getValue();
    }
}
