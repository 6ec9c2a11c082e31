package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Row;
import java.io.IOException;
import java.util.Locale;

/**
 * What the decoder needs of a row event, read in one pass: the values of columns go from the message into the row, of the
 * rest is noted where it stands, and what nobody asks for is skipped.
 */
final class DebeziumEnvelope {
    private static final MemberNames<Member> NAMES = new MemberNames<>();
    private static final MemberNames<Member> SOURCE_NAMES = new MemberNames<>();
    private static final MemberNames<Member> TRANSACTION_NAMES = new MemberNames<>();

    /** The members that mean something; each name means one thing wherever it is looked for. */
    private enum Member {
        OP,
        BEFORE,
        AFTER,
        SOURCE,
        TRANSACTION,
        ID,
        TOTAL_ORDER,
        LSN,
        FILE,
        POS,
        SEQUENCE,
        DB,
        SCHEMA,
        TABLE,
        OTHER;

        private final String written = name().toLowerCase(Locale.ROOT);

        private static Member of(String name) {
            for (Member member : values()) {
                if (member != OTHER && member.written.equals(name)) {
                    return member;
                }
            }
            return OTHER;
        }
    }

    private final Origin origin;
    private final JsonScanner json;

    private Row before;
    private Row after;
    // Where these stand in the message; 0 for what is not there.
    private int operation;
    private int transactionId;
    private int totalOrder;
    private int lsn;
    private int file;
    private int offset;
    private int sequence;
    private int database;
    private int schema;
    private int tableName;

    private DebeziumEnvelope(Origin origin, byte[] message) {
        this.origin = origin;
        this.json = new JsonScanner(message);
    }

    static DebeziumEnvelope read(Origin origin, byte[] message, CapturedTable table, ColumnValues values) {
        DebeziumEnvelope envelope = new DebeziumEnvelope(origin, message);
        try {
            envelope.read(table, values);
            return envelope;
        } catch (IOException e) {
            throw envelope.noJson(e);
        }
    }

    private void read(CapturedTable table, ColumnValues values) throws IOException {
        if (!json.beginObject()) {
            throw new ApplyException("the message at " + origin + " is no JSON object");
        }
        int place = 0;
        for (Member member = NAMES.next(json, place, Member::of);
                member != null;
                member = NAMES.next(json, ++place, Member::of)) {
            switch (member) {
                case OP -> operation = json.skip();
                case AFTER -> after = row(table, values);
                case BEFORE -> {
                    if (table.hasOldRows()) {
                        before = row(table, values);
                    } else {
                        json.skip();
                    }
                }
                case SOURCE -> source();
                case TRANSACTION -> transaction();
                default -> json.skip();
            }
        }
        json.requireEnd();
    }

    /** Null if there is none. */
    private Row row(CapturedTable table, ColumnValues values) throws IOException {
        if (json.beginObject()) {
            return table.row(origin, json, values);
        }
        json.skip();
        return null;
    }

    private void source() throws IOException {
        if (!json.beginObject()) {
            json.skip();
            return;
        }
        int place = 0;
        for (Member member = SOURCE_NAMES.next(json, place, Member::of);
                member != null;
                member = SOURCE_NAMES.next(json, ++place, Member::of)) {
            int begin = json.skip();
            switch (member) {
                case LSN -> lsn = begin;
                case FILE -> file = begin;
                case POS -> offset = begin;
                case SEQUENCE -> sequence = begin;
                case DB -> database = begin;
                case SCHEMA -> schema = begin;
                case TABLE -> tableName = begin;
                default -> {} // not needed
            }
        }
    }

    private void transaction() throws IOException {
        if (!json.beginObject()) {
            json.skip();
            return;
        }
        int place = 0;
        for (Member member = TRANSACTION_NAMES.next(json, place, Member::of);
                member != null;
                member = TRANSACTION_NAMES.next(json, ++place, Member::of)) {
            int begin = json.skip();
            switch (member) {
                case ID -> transactionId = begin;
                case TOTAL_ORDER -> totalOrder = begin;
                default -> {} // not needed
            }
        }
    }

    /** What stands there; null if nothing does. To be called when the message is read. */
    private String scalar(int begin) {
        try {
            return begin == 0 ? null : json.scalar(begin);
        } catch (IOException e) {
            throw noJson(e);
        }
    }

    private ApplyException noJson(IOException e) {
        return new ApplyException("the message at " + origin + " is no JSON: " + e.getMessage(), e);
    }

    String operation() {
        return required(scalar(operation), "op");
    }

    /** Null if there is none, or if it is not to be used. */
    Row before() {
        return before;
    }

    Row after() {
        return required(after, "after");
    }

    /** Whether the id of the transaction is written like this, or goes on behind it. */
    boolean isTransaction(byte[] beginning) {
        return transactionId != 0 && json.isWritten(transactionId, beginning);
    }

    String transactionId() {
        String id = scalar(transactionId);
        if (id == null && "t".equals(scalar(operation))) {
            throw new ApplyException("the event at " + origin
                    + " is a TRUNCATE, which MySQL logs outside of any transaction, so that nobody can tell what it is part of;"
                    + " delete the rows instead, and load the phase again");
        }
        if (id == null) {
            throw new ApplyException(
                    "the event at " + origin
                            + " belongs to no transaction; the connector needs provide.transaction.metadata=true and snapshot.mode=no_data");
        }
        return id;
    }

    long totalOrder() {
        return number(totalOrder, "total_order");
    }

    long lsn() {
        return number(lsn, "lsn");
    }

    /** Of MySQL's binary log. */
    String file() {
        return required(scalar(file), "file");
    }

    /** Within the file. */
    long offset() {
        return number(offset, "pos");
    }

    /** Of the PostgreSQL connector; null if there is none. */
    String sequence() {
        return scalar(sequence);
    }

    String database(RepeatedText known) {
        return repeated(known, database, "db");
    }

    String schema(RepeatedText known) {
        return repeated(known, schema, "schema");
    }

    String tableName(RepeatedText known) {
        return repeated(known, tableName, "table");
    }

    private String repeated(RepeatedText known, int begin, String name) {
        try {
            return required(begin == 0 ? null : known.read(json, begin), name);
        } catch (IOException e) {
            throw noJson(e);
        }
    }

    private long number(int begin, String name) {
        try {
            return begin == 0 || !json.isScalar(begin) ? Long.parseLong(required(null, name)) : json.wholeNumber(begin);
        } catch (IOException e) {
            throw noJson(e);
        }
    }

    private <T> T required(T member, String name) {
        if (member == null) {
            throw new ApplyException(
                    "the event at " + origin + " has no \"" + name + "\"; is it a Debezium envelope without schemas?");
        }
        return member;
    }
}
