package dev.godwit.apply.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Row;
import java.io.IOException;

/**
 * What the decoder needs of a row event, read in one pass: values go from the message into the row, and what nobody asks
 * for is skipped.
 */
final class DebeziumEnvelope {
    private static final FieldOrder ORDER = new FieldOrder();
    private static final FieldOrder SOURCE_ORDER = new FieldOrder();
    private static final FieldOrder TRANSACTION_ORDER = new FieldOrder();

    private final Origin origin;
    private final CapturedTable table;
    private final ColumnValues values;

    private String operation;
    private Row before;
    private Row after;
    private String transactionId;
    private String totalOrder;
    private String lsn;
    private String file;
    private String offset;
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
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ApplyException("the message at " + origin + " is no JSON object");
            }
            int place = 0;
            for (String name = ORDER.next(parser, place); name != null; name = ORDER.next(parser, ++place)) {
                parser.nextToken();
                envelope.member(name, parser);
            }
            if (parser.nextToken() != null) {
                throw new ApplyException("the message at " + origin + " is more than one JSON object");
            }
            return envelope;
        } catch (IOException e) {
            throw new ApplyException("the message at " + origin + " is no JSON", e);
        }
    }

    private void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "op" -> operation = parser.getText();
            case "after" -> after = parser.currentToken() == JsonToken.START_OBJECT ? row(parser) : null;
            case "before" -> {
                if (parser.currentToken() == JsonToken.START_OBJECT && table.hasOldRows()) {
                    before = row(parser);
                } else {
                    parser.skipChildren();
                }
            }
            case "source" -> source(parser);
            case "transaction" -> transaction(parser);
            default -> parser.skipChildren();
        }
    }

    private Row row(JsonParser parser) throws IOException {
        return table.row(origin, parser, values);
    }

    private void source(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        int place = 0;
        for (String name = SOURCE_ORDER.next(parser, place); name != null; name = SOURCE_ORDER.next(parser, ++place)) {
            parser.nextToken();
            switch (name) {
                case "lsn" -> lsn = scalar(parser);
                case "file" -> file = scalar(parser);
                case "pos" -> offset = scalar(parser);
                case "sequence" -> sequence = scalar(parser);
                case "db" -> database = scalar(parser);
                case "schema" -> schema = scalar(parser);
                case "table" -> tableName = scalar(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private void transaction(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        int place = 0;
        for (String name = TRANSACTION_ORDER.next(parser, place);
                name != null;
                name = TRANSACTION_ORDER.next(parser, ++place)) {
            parser.nextToken();
            switch (name) {
                case "id" -> transactionId = scalar(parser);
                case "total_order" -> totalOrder = scalar(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private static String scalar(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL
                || !parser.currentToken().isScalarValue()) {
            parser.skipChildren();
            return null;
        }
        return parser.getText();
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
                    + " is a TRUNCATE, which MySQL logs outside of any transaction, so that nobody can tell what it is part of;"
                    + " delete the rows instead, and load the phase again");
        }
        if (transactionId == null) {
            throw new ApplyException(
                    "the event at " + origin
                            + " belongs to no transaction; the connector needs provide.transaction.metadata=true and snapshot.mode=no_data");
        }
        return transactionId;
    }

    long totalOrder() {
        return Long.parseLong(required(totalOrder, "total_order"));
    }

    long lsn() {
        return Long.parseLong(required(lsn, "lsn"));
    }

    /** Of MySQL's binary log. */
    String file() {
        return required(file, "file");
    }

    /** Within the file. */
    long offset() {
        return Long.parseLong(required(offset, "pos"));
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
