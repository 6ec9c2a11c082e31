package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;

/**
 * Transaction ids of the PostgreSQL connector are {@code <xid>:<LSN>}, where the LSN is that of the event itself: BEGIN, rows and END share only
 * the part before the colon.
 */
final class PostgresLog implements DebeziumLog {
    private static final String SEQUENCE_BEGIN = "[\"";

    private final ColumnValues values = new DebeziumPostgresValues();
    private final CollectionName collection = new CollectionName();
    /** Of the row before, which mostly is of the same transaction. */
    private String lastTransaction;
    /** How the ids of that transaction begin. */
    private String lastBeginning;

    @Override
    public ColumnValues values() {
        return values;
    }

    @Override
    public String transaction(Origin origin, String id) {
        return id.substring(0, colon(origin, id));
    }

    @Override
    public String transaction(Origin origin, DebeziumEnvelope envelope) {
        String id = envelope.transactionId();
        if (lastTransaction == null || !id.startsWith(lastBeginning)) {
            lastTransaction = transaction(origin, id);
            lastBeginning = lastTransaction + ":";
        }
        return lastTransaction;
    }

    @Override
    public Position end(Origin origin, String id) {
        return new Lsn(Long.parseLong(id.substring(colon(origin, id) + 1)));
    }

    @Override
    public Position row(Origin origin, Json.Members source) {
        return new Lsn(DebeziumDecoder.number(origin, source, "lsn"));
    }

    @Override
    public String collection(Origin origin, Json.Members source) {
        return DebeziumDecoder.text(origin, source, "schema") + "." + DebeziumDecoder.text(origin, source, "table");
    }

    @Override
    public Position row(DebeziumEnvelope envelope) {
        return new Lsn(envelope.lsn());
    }

    /**
     * The commit before the row's transaction: its own is not known before its end. It is the first of two numbers in the
     * text {@code ["24023128","24023000"]}, and null until the connector has seen one.
     */
    @Override
    public Position place(DebeziumEnvelope envelope) {
        return place(envelope.sequence());
    }

    @Override
    public Position place(Origin origin, Json.Members source) {
        return source.member("sequence") instanceof Json.Text sequence ? place(sequence.value()) : null;
    }

    private static Position place(String sequence) {
        if (sequence == null || !sequence.startsWith(SEQUENCE_BEGIN)) {
            return null;
        }
        int end = sequence.indexOf('"', SEQUENCE_BEGIN.length());
        for (int i = SEQUENCE_BEGIN.length(); i < end; i++) {
            if (sequence.charAt(i) < '0' || sequence.charAt(i) > '9') {
                return null;
            }
        }
        return end <= SEQUENCE_BEGIN.length()
                ? null
                : new Lsn(Long.parseLong(sequence, SEQUENCE_BEGIN.length(), end, 10));
    }

    @Override
    public String collection(DebeziumEnvelope envelope) {
        return collection.of(envelope.schema(), envelope.tableName());
    }

    private static int colon(Origin origin, String id) {
        int colon = id.indexOf(':');
        if (colon <= 0) {
            throw new ApplyException(
                    "the transaction id \"" + id + "\" at " + origin + " is not of the PostgreSQL connector");
        }
        return colon;
    }
}
