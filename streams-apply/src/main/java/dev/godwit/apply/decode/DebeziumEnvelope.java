package dev.godwit.apply.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Row;
import java.io.IOException;
import java.util.Locale;

/**
 * What the decoder needs of a row event, read in one pass: the values of columns go from the message into the row, and what
 * nobody asks for is skipped.
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
        DATA_COLLECTION_ORDER,
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

    // The same for a whole phase, or for many rows one behind the other.
    private static final RepeatedText DATABASES = new RepeatedText();
    private static final RepeatedText SCHEMAS = new RepeatedText();

    private final Origin origin;
    private final CapturedTable table;
    private final ColumnValues values;

    private String operation;
    private Row before;
    private Row after;
    // Null for what is not there.
    private String transactionId;
    private Long totalOrder;
    private Long collectionOrder;
    private Long lsn;
    private String file;
    private Long offset;
    private String sequence;
    private String database;
    private String schema;
    private String tableName;

    private DebeziumEnvelope(Origin origin, CapturedTable table, ColumnValues values) {
        this.origin = origin;
        this.table = table;
        this.values = values;
    }

    static DebeziumEnvelope read(Origin origin, byte[] message, CapturedTable table, ColumnValues values) {
        DebeziumEnvelope envelope = new DebeziumEnvelope(origin, table, values);
        try (JsonParser parser = Json.FACTORY.createParser(message)) {
            envelope.read(parser);
            return envelope;
        } catch (IOException e) {
            throw new ApplyException("the message at " + origin + " is no JSON: " + e.getMessage(), e);
        }
    }

    private void read(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new ApplyException("the message at " + origin + " is no JSON object");
        }
        int place = 0;
        for (Member member = NAMES.next(parser, place, Member::of);
                member != null;
                member = NAMES.next(parser, ++place, Member::of)) {
            switch (member) {
                case OP -> operation = text(parser);
                case AFTER -> after = row(parser);
                case BEFORE -> {
                    if (table.hasOldRows()) {
                        before = row(parser);
                    } else {
                        parser.skipChildren();
                    }
                }
                case SOURCE -> source(parser);
                case TRANSACTION -> transaction(parser);
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw new IOException("there is something behind the object");
        }
    }

    /** Null if there is none. */
    private Row row(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return table.row(origin, parser, values);
        }
        parser.skipChildren();
        return null;
    }

    private void source(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        int place = 0;
        for (Member member = SOURCE_NAMES.next(parser, place, Member::of);
                member != null;
                member = SOURCE_NAMES.next(parser, ++place, Member::of)) {
            switch (member) {
                case LSN -> lsn = number(parser);
                case FILE -> file = text(parser);
                case POS -> offset = number(parser);
                case SEQUENCE -> sequence = text(parser);
                case DB -> database = text(parser, DATABASES);
                case SCHEMA -> schema = text(parser, SCHEMAS);
                case TABLE -> tableName = text(parser, table.nameInSource());
                default -> parser.skipChildren();
            }
        }
    }

    private void transaction(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        int place = 0;
        for (Member member = TRANSACTION_NAMES.next(parser, place, Member::of);
                member != null;
                member = TRANSACTION_NAMES.next(parser, ++place, Member::of)) {
            switch (member) {
                case ID -> transactionId = text(parser);
                case TOTAL_ORDER -> totalOrder = number(parser);
                case DATA_COLLECTION_ORDER -> collectionOrder = number(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private static boolean isScalar(JsonParser parser) throws IOException {
        if (parser.currentToken().isScalarValue() && parser.currentToken() != JsonToken.VALUE_NULL) {
            return true;
        }
        parser.skipChildren();
        return false;
    }

    private static String text(JsonParser parser) throws IOException {
        return isScalar(parser) ? parser.getText() : null;
    }

    private static String text(JsonParser parser, RepeatedText known) throws IOException {
        return isScalar(parser) ? known.read(parser) : null;
    }

    private static Long number(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        return isScalar(parser) ? Long.valueOf(parser.getText()) : null;
    }

    String operation() {
        return required(operation, "op");
    }

    /** Null if there is none, or if it is not to be used. */
    Row before() {
        return before;
    }

    Row after() {
        return required(after, "after");
    }

    String transactionId() {
        if (transactionId == null && "t".equals(operation)) {
            throw new ApplyException("the event at " + origin
                    + " is a TRUNCATE outside of any transaction: it was sent by Debezium's own MySQL connector, or by one that an"
                    + " earlier version of Godwit has deployed; put godwit-connectors.jar of this version beside Debezium's in the"
                    + " Connect worker, and load the phase again");
        }
        if (transactionId == null) {
            throw new ApplyException(
                    "the event at " + origin
                            + " belongs to no transaction; the connector needs provide.transaction.metadata=true and snapshot.mode=no_data");
        }
        return transactionId;
    }

    long totalOrder() {
        return required(totalOrder, "total_order");
    }

    long collectionOrder() {
        return required(collectionOrder, "data_collection_order");
    }

    long lsn() {
        return required(lsn, "lsn");
    }

    /** Of MySQL's binary log. */
    String file() {
        return required(file, "file");
    }

    /** Within the file. */
    long offset() {
        return required(offset, "pos");
    }

    /** Of the PostgreSQL connector; null if there is none. */
    String sequence() {
        return sequence;
    }

    String database() {
        return required(database, "db");
    }

    String schema() {
        return required(schema, "schema");
    }

    String tableName() {
        return required(tableName, "table");
    }

    private <T> T required(T member, String name) {
        if (member == null) {
            throw new ApplyException(
                    "the event at " + origin + " has no \"" + name + "\"; is it a Debezium envelope without schemas?");
        }
        return member;
    }
}
