package dev.godwit.local.changefeed;

import dev.godwit.local.changefeed.LogMessage.RelationColumn;
import dev.godwit.local.changefeed.LogMessage.TupleValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/** Decodes pgoutput's bytes. */
final class LogMessageDecoder {
    /** PostgreSQL counts from 2000-01-01. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    private LogMessageDecoder() {}

    static LogMessage decode(ByteBuffer bytes) {
        char kind = (char) bytes.get();
        return switch (kind) {
            case 'B' -> {
                bytes.getLong(); // the position of the commit record
                long micros = bytes.getLong() + EPOCH_MICROS;
                yield new LogMessage.Begin(micros, Integer.toUnsignedLong(bytes.getInt()));
            }
            case 'C' -> {
                bytes.get(); // flags, none so far
                bytes.getLong(); // the position of the commit record
                yield new LogMessage.Commit(LogSequenceNumber.valueOf(bytes.getLong()));
            }
            case 'R' -> relation(bytes);
            case 'I' -> {
                int relationId = bytes.getInt();
                bytes.get(); // N
                yield new LogMessage.Insert(relationId, tuple(bytes));
            }
            case 'U' -> update(bytes);
            case 'D' -> {
                int relationId = bytes.getInt();
                char identity = (char) bytes.get();
                List<TupleValue> before = tuple(bytes);
                yield new LogMessage.Delete(relationId, identity == 'O' ? before : null);
            }
            case 'T' -> {
                int count = bytes.getInt();
                bytes.get(); // CASCADE, RESTART IDENTITY
                List<Integer> relationIds = new ArrayList<>();
                for (int index = 0; index < count; index++) {
                    relationIds.add(bytes.getInt());
                }
                yield new LogMessage.Truncate(relationIds);
            }
            default -> new LogMessage.Other(kind);
        };
    }

    private static LogMessage.Relation relation(ByteBuffer bytes) {
        int relationId = bytes.getInt();
        String schema = string(bytes);
        String table = string(bytes);
        bytes.get(); // replica identity
        int count = bytes.getShort();
        List<RelationColumn> columns = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            bytes.get(); // part of the replica identity: with FULL that is every column
            String name = string(bytes);
            int typeId = bytes.getInt();
            bytes.getInt(); // type modifier
            columns.add(new RelationColumn(name, typeId));
        }
        // The schema pg_catalog is sent as an empty name.
        return new LogMessage.Relation(relationId, schema.isEmpty() ? "pg_catalog" : schema, table, columns);
    }

    private static LogMessage.Update update(ByteBuffer bytes) {
        int relationId = bytes.getInt();
        List<TupleValue> before = null;
        char part = (char) bytes.get();
        if (part == 'O' || part == 'K') {
            List<TupleValue> old = tuple(bytes);
            before = part == 'O' ? old : null;
            bytes.get(); // N
        }
        return new LogMessage.Update(relationId, before, tuple(bytes));
    }

    private static List<TupleValue> tuple(ByteBuffer bytes) {
        int count = bytes.getShort();
        List<TupleValue> values = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            char kind = (char) bytes.get();
            values.add(
                    switch (kind) {
                        case 'n' -> TupleValue.NULL;
                        case 'u' -> TupleValue.UNCHANGED;
                        case 't' -> {
                            byte[] text = new byte[bytes.getInt()];
                            bytes.get(text);
                            yield new TupleValue(new String(text, StandardCharsets.UTF_8), false);
                        }
                        default -> throw new FeedFailedException("pgoutput sent a column of kind '" + kind + "'");
                    });
        }
        return values;
    }

    private static String string(ByteBuffer bytes) {
        int end = bytes.position();
        while (bytes.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end - bytes.position()];
        bytes.get(text);
        bytes.get();
        return new String(text, StandardCharsets.UTF_8);
    }
}
