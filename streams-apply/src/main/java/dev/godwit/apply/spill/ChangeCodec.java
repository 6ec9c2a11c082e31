package dev.godwit.apply.spill;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Table;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Changes as bytes, for files that this process writes and reads again. Tables and partitions are numbers whose
 * meaning stays in memory. Written by one thread; may be read by others once all is written.
 */
final class ChangeCodec {
    private static final List<Operation> OPERATIONS = List.of(Operation.UPSERT, Operation.DELETE, Operation.TRUNCATE);
    private static final int BEFORE = 4;
    private static final int BEFORE_IS_NONE = 8;
    private static final int AFTER = 16;
    private static final int MOVED = 32;
    private static final int KEY = 64;
    private static final int ORIGIN = 128;
    /** Would be a text of no characters, two bytes each, which is written as one of one byte each. */
    private static final int YOUNGER = 3;

    /** By identity: a table that was read again after a change of its columns is another one. */
    private final IdentityHashMap<Table, Integer> tableNumbers = new IdentityHashMap<>();

    private final List<Layout> layouts = new ArrayList<>();
    private final Map<TopicPartition, Integer> partitionNumbers = new HashMap<>();
    private final List<TopicPartition> partitions = new ArrayList<>();

    void write(Change change, DataOutputStream out) throws IOException {
        Row before = change.before();
        int flags = OPERATIONS.indexOf(change.operation())
                | (before == null ? 0 : before.isNone() ? BEFORE_IS_NONE : BEFORE)
                | (change.after() == null ? 0 : AFTER)
                | (change.movedFrom() == null ? 0 : MOVED)
                | (change.key() == null ? 0 : KEY)
                | (change.origin() == null ? 0 : ORIGIN);
        out.writeByte(flags);
        Numbers.write(number(change.table()), out);
        if (change.origin() != null) {
            Numbers.write(number(change.origin().partition()), out);
            Numbers.write(change.origin().offset(), out);
        }
        writeKey(change.key(), out);
        writeKey(change.movedFrom(), out);
        if ((flags & BEFORE) != 0) {
            writeRow(before, change.table().columns().size(), out);
        }
        if (change.after() != null) {
            writeRow(change.after(), change.table().columns().size(), out);
        }
    }

    Change read(DataInputStream in) throws IOException {
        int flags = in.readUnsignedByte();
        Layout layout = layouts.get((int) Numbers.read(in));
        Origin origin = null;
        if ((flags & ORIGIN) != 0) {
            TopicPartition partition = partitions.get((int) Numbers.read(in));
            origin = new Origin(partition, Numbers.read(in));
        }
        int keyColumns = layout.table().primaryKey().size();
        Key key = (flags & KEY) == 0 ? null : readKey(keyColumns, in);
        Key movedFrom = (flags & MOVED) == 0 ? null : readKey(keyColumns, in);
        Row before = null;
        if ((flags & BEFORE_IS_NONE) != 0) {
            before = Row.none(layout);
        } else if ((flags & BEFORE) != 0) {
            before = readRow(layout, in);
        }
        Row after = (flags & AFTER) == 0 ? null : readRow(layout, in);
        return new Change(layout.table(), OPERATIONS.get(flags & 3), key, before, after, movedFrom, origin);
    }

    private int number(Table table) {
        return tableNumbers.computeIfAbsent(table, added -> {
            layouts.add(new Layout(added));
            return layouts.size() - 1;
        });
    }

    private int number(TopicPartition partition) {
        return partitionNumbers.computeIfAbsent(partition, added -> {
            partitions.add(added);
            return partitions.size() - 1;
        });
    }

    private static void writeKey(Key key, DataOutputStream out) throws IOException {
        if (key != null) {
            for (String value : key.toArray()) {
                writeValue(value, out);
            }
        }
    }

    private static Key readKey(int columns, DataInputStream in) throws IOException {
        String[] values = new String[columns];
        for (int i = 0; i < columns; i++) {
            values[i] = readValue(Numbers.read(in), in);
        }
        return new Key(values);
    }

    private static void writeRow(Row row, int columns, DataOutputStream out) throws IOException {
        for (int i = 0; i < columns; i++) {
            if (row.isSent(i)) {
                writeValue(row.value(i), out);
            } else {
                Numbers.write(row.isYounger(i) ? YOUNGER : 0, out);
            }
        }
    }

    private static Row readRow(Layout layout, DataInputStream in) throws IOException {
        Row row = new Row(layout);
        for (int i = 0; i < layout.table().columns().size(); i++) {
            long head = Numbers.read(in);
            if (head == YOUNGER) {
                row.setYounger(i);
            } else if (head != 0) {
                row.set(i, readValue(head, in));
            }
        }
        return row;
    }

    /**
     * 0 stands for a value that was not sent, 1 for NULL, {@link #YOUNGER} for a column that the table did not have, 2 and 3
     * with the length above the last bit for text of one and of two bytes a character. Not UTF-8, which does not give back every string of Java.
     */
    private static void writeValue(String value, DataOutputStream out) throws IOException {
        if (value == null) {
            Numbers.write(1, out);
            return;
        }
        boolean narrow = value.chars().allMatch(character -> character < 256);
        Numbers.write(((value.length() + 1L) << 1) | (narrow ? 0 : 1), out);
        if (narrow) {
            out.write(value.getBytes(StandardCharsets.ISO_8859_1));
        } else {
            out.writeChars(value);
        }
    }

    private static String readValue(long head, DataInputStream in) throws IOException {
        if (head == 1) {
            return null;
        }
        boolean narrow = (head & 1) == 0;
        int length = Math.toIntExact((head >>> 1) - 1);
        if (narrow) {
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        char[] characters = new char[length];
        for (int i = 0; i < length; i++) {
            characters[i] = in.readChar();
        }
        return new String(characters);
    }
}
