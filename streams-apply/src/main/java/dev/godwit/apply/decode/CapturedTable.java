package dev.godwit.apply.decode;

import com.fasterxml.jackson.core.JsonParser;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.decode.SchemaChangedException.Mismatch;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.type.ColumnType;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A table whose changes are read: as the replication source has it (which tells how values are written) and as the
 * replication target has it (which tells where they go).
 */
public final class CapturedTable {
    private final Table sourceTable;
    private final Layout layout;
    private final Map<String, ColumnType> sourceTypes = new HashMap<>();
    private final Map<String, Field> fields = new ConcurrentHashMap<>();
    private final MemberNames<Field> rowNames = new MemberNames<>();
    private final RepeatedText nameInSource = new RepeatedText();
    private final int[] keyIndexes;
    private final Set<String> leftOut;
    private final Position knownSince;
    /** The places of the columns that every whole row has. */
    private final BitSet expected = new BitSet();

    /** With all columns; a row that lacks some is taken for one that is older than them. */
    public CapturedTable(Table sourceTable, Table targetTable) {
        this(sourceTable, targetTable, Set.of(), null);
    }

    /**
     * @param leftOut columns that are not written, wherever they are; neither table has them
     * @param knownSince a place in the source's log behind which every row was written with the columns of {@code sourceTable},
     *     unless they have changed again; null if it is not known
     */
    public CapturedTable(Table sourceTable, Table targetTable, Set<String> leftOut, Position knownSince) {
        this.sourceTable = sourceTable;
        this.layout = new Layout(targetTable);
        this.leftOut = Set.copyOf(leftOut);
        this.knownSince = knownSince;
        for (Column column : sourceTable.columns()) {
            int index = layout.index(column.name());
            boolean written = index >= 0 && targetTable.columns().get(index).isWritable();
            if (written && column.isWritable() && !column.hidden()) {
                expected.set(index);
            }
        }
        this.keyIndexes =
                targetTable.primaryKey().stream().mapToInt(layout::index).toArray();
        sourceTable.columns().forEach(column -> sourceTypes.put(column.name(), column.type()));
    }

    /** As messages have it. */
    RepeatedText nameInSource() {
        return nameInSource;
    }

    public Table sourceTable() {
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
        RowReader row = new RowReader(origin, values);
        members.members().forEach((name, value) -> row.set(field(origin, name), value));
        return row.finish();
    }

    /** The same, read from the object at whose beginning the parser is. */
    Row row(Origin origin, JsonParser parser, ColumnValues values) throws IOException {
        RowReader row = new RowReader(origin, values);
        Function<String, Field> fieldOf = name -> field(origin, name);
        int place = 0;
        for (Field field = rowNames.next(parser, place, fieldOf);
                field != null;
                field = rowNames.next(parser, ++place, fieldOf)) {
            row.set(field, Json.read(parser));
        }
        return row.finish();
    }

    private Field field(Origin origin, String name) {
        Field field = fields.get(name);
        if (field == null) {
            field = new Field(name, column(origin, name), sourceTypes.get(name));
            fields.put(name, field);
        }
        return field;
    }

    /** A row while it is read. */
    private final class RowReader {
        private final Origin origin;
        private final ColumnValues values;
        private final Row row = new Row(layout);
        /** How many of the expected columns have come. */
        private int come;
        /** Those that have come without their value; mostly there are none. */
        private BitSet unavailable;

        private RowReader(Origin origin, ColumnValues values) {
            this.origin = origin;
            this.values = values;
        }

        private void set(Field field, Json value) {
            if (field.index < 0) {
                return;
            }
            if (expected.get(field.index)) {
                come++;
            }
            if (values.isUnavailable(field.type, value)) {
                unavailable = unavailable == null ? new BitSet() : unavailable;
                unavailable.set(field.index);
            } else {
                row.set(field.index, text(origin, field.name, field.type, value, values));
            }
        }

        private Row finish() {
            if (come < expected.cardinality()) {
                expected.stream()
                        .filter(index -> !row.isSent(index) && (unavailable == null || !unavailable.get(index)))
                        .forEach(row::setYounger);
            }
            return row;
        }
    }

    /**
     * A row lacks columns where it was written before they were added. One that was written later should have had them.
     *
     * @param position of the row in the source's log
     * @throws SchemaChangedException if the row is younger than what it lacks
     */
    void requireColumns(Origin origin, Row row, Position position) {
        if (knownSince == null || position.compareTo(knownSince) <= 0) {
            return;
        }
        int lacking = expected.stream().filter(row::isYounger).findFirst().orElseThrow();
        throw new SchemaChangedException(
                Mismatch.MISSING_COLUMN,
                sourceTable.name(),
                layout.table().columns().get(lacking).name(),
                origin,
                "is not in the message, which was written at " + position + ", although the source had it at "
                        + knownSince
                        + ". If the column was dropped and made anew, or if a setting of the connector leaves it out, load the"
                        + " phase again, or ignore the column");
    }

    /** What has to be known of a column to read its value. */
    private record Field(String name, int index, ColumnType type) {}

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

    /** -1 for a column that is not written: one that is left out, or a hidden one of the source. */
    private int column(Origin origin, String name) {
        int index = layout.index(name);
        boolean known = sourceTypes.containsKey(name);
        if (leftOut.contains(name)
                || (index < 0 && known && sourceTable.requireColumn(name).hidden())) {
            return -1;
        }
        if (index < 0 || !known) {
            throw new SchemaChangedException(
                    Mismatch.UNKNOWN_COLUMN,
                    sourceTable.name(),
                    name,
                    origin,
                    "is on neither side any more. If it was dropped, or is to be left out, ignore the column; if it was renamed, the"
                            + " message holds a value of the column by its new name: give both sides the old name back until"
                            + " everything older is applied, or load the phase again");
        }
        return index;
    }

    private String text(Origin origin, String name, ColumnType type, Json value, ColumnValues values) {
        try {
            return values.text(type, value);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            SchemaChangedException failure = new SchemaChangedException(
                    Mismatch.OTHER_TYPE, sourceTable.name(), name, origin, "cannot be read: " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }
}
