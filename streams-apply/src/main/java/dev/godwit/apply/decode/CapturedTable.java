package dev.godwit.apply.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.type.ColumnType;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A table whose changes are read: as the replication source has it (which tells how values are written) and as the
 * replication target has it (which tells where they go).
 */
public final class CapturedTable {
    private final Table sourceTable;
    private final Layout layout;
    private final Map<String, ColumnType> sourceTypes = new HashMap<>();
    private final Map<String, Field> fields = new ConcurrentHashMap<>();
    private final int[] keyIndexes;

    public CapturedTable(Table sourceTable, Table targetTable) {
        this.sourceTable = sourceTable;
        this.layout = new Layout(targetTable);
        this.keyIndexes =
                targetTable.primaryKey().stream().mapToInt(layout::index).toArray();
        sourceTable.columns().forEach(column -> sourceTypes.put(column.name(), column.type()));
    }

    Table sourceTable() {
        return sourceTable;
    }

    public Table targetTable() {
        return layout.table();
    }

    /** Whether the source writes the whole old row into its log. */
    public boolean hasOldRows() {
        return sourceTable.replicaIdentity() == ReplicaIdentity.FULL;
    }

    Row row(Origin origin, Json.Members members, ColumnValues values) {
        Row row = new Row(layout);
        for (Map.Entry<String, Json> member : members.members().entrySet()) {
            int index = column(origin, member.getKey());
            ColumnType type = sourceTypes.get(member.getKey());
            if (index >= 0 && !values.isUnavailable(type, member.getValue())) {
                row.set(index, text(origin, member.getKey(), type, member.getValue(), values));
            }
        }
        return row;
    }

    /** The same, read from the object that begins at the parser's current token. */
    Row row(Origin origin, JsonParser parser, ColumnValues values) throws IOException {
        Row row = new Row(layout);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            Field field = fields.get(name);
            if (field == null) {
                field = new Field(column(origin, name), sourceTypes.get(name));
                fields.put(name, field);
            }
            Json value = Json.read(parser);
            if (field.index >= 0 && !values.isUnavailable(field.type, value)) {
                row.set(field.index, text(origin, name, field.type, value, values));
            }
        }
        return row;
    }

    /** What has to be known of a column to read its value. */
    private record Field(int index, ColumnType type) {}

    /** The key of a row, if the row has all of it; else null. */
    Key keyOf(Row row) {
        for (int index : keyIndexes) {
            if (row.value(index) == null) {
                return null;
            }
        }
        return row.key();
    }

    /** Whether some column outside the key has a value. */
    boolean tellsMoreThanKey(Row row) {
        Table table = layout.table();
        for (int i = 0; i < table.columns().size(); i++) {
            if (row.value(i) != null
                    && !table.primaryKey().contains(table.columns().get(i).name())) {
                return true;
            }
        }
        return false;
    }

    Row noRow() {
        return Row.none(layout);
    }

    /** Key columns by name, as Debezium sends them. */
    Key key(Origin origin, Json.Members members, ColumnValues values) {
        String[] key = new String[layout.table().primaryKey().size()];
        for (int i = 0; i < key.length; i++) {
            String name = layout.table().primaryKey().get(i);
            key[i] = keyText(origin, name, members.member(name), values);
        }
        return new Key(key);
    }

    /**
     * Key columns by place, as changefeeds send them, in the order of the source's primary key. Columns that CockroachDB has put in
     * front of the key by itself (a shard, a region), which are hidden, come first and are no part of the key here.
     */
    Key key(Origin origin, Json.Array elements, ColumnValues values) {
        Set<String> names = Set.copyOf(sourceTable.primaryKey());
        int implicit = elements.elements().size() - sourceTable.primaryKey().size();
        if (implicit < 0
                || implicit > hiddenColumns()
                || !names.equals(Set.copyOf(layout.table().primaryKey()))) {
            throw new ApplyException("the message key at " + origin + " does not fit the primary key of " + sourceTable
                    + " on both sides; the applier needs the same key columns on source and target");
        }
        String[] key = new String[sourceTable.primaryKey().size()];
        for (int i = 0; i < key.length; i++) {
            String name = layout.table().primaryKey().get(i);
            int place = implicit + sourceTable.primaryKey().indexOf(name);
            key[i] = keyText(origin, name, elements.elements().get(place), values);
        }
        return new Key(key);
    }

    private long hiddenColumns() {
        return sourceTable.columns().stream()
                .filter(column -> column.hidden() && !sourceTable.primaryKey().contains(column.name()))
                .count();
    }

    private String keyText(Origin origin, String name, Json value, ColumnValues values) {
        String text = text(origin, name, sourceTypes.get(name), value, values);
        if (text == null) {
            throw new ApplyException(
                    "the message at " + origin + " has no value for key column \"" + name + "\" of " + sourceTable);
        }
        return text;
    }

    /** -1 for a column that is not written: a hidden one of the source. */
    private int column(Origin origin, String name) {
        int index = layout.index(name);
        boolean known = sourceTypes.containsKey(name);
        if (index < 0 && known && sourceTable.requireColumn(name).hidden()) {
            return -1;
        }
        if (index < 0 || !known) {
            throw new ApplyException(
                    "column \"" + name + "\" of " + sourceTable + " at " + origin + " is missing on the replication "
                            + (index < 0 ? "target" : "source")
                            + "; add the column there (and restart the applier, which then reads both catalogs again)");
        }
        return index;
    }

    private String text(Origin origin, String name, ColumnType type, Json value, ColumnValues values) {
        try {
            return values.text(type, value);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new ApplyException(
                    "cannot read column \"" + name + "\" of " + sourceTable + " at " + origin + ": " + e.getMessage(),
                    e);
        }
    }
}
