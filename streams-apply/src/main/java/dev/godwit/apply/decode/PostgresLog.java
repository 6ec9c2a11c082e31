package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Transaction ids of the PostgreSQL connector are {@code <xid>:<LSN>}, where the LSN is that of the event itself: BEGIN, rows and END share only
 * the part before the colon.
 */
final class PostgresLog implements DebeziumLog {
    private static final Pattern SEQUENCE = Pattern.compile("\\[\"(\\d+)\"");

    private final ColumnValues values = new DebeziumPostgresValues();

    @Override
    public ColumnValues values() {
        return values;
    }

    @Override
    public String transaction(Origin origin, String id) {
        return id.substring(0, colon(origin, id));
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
        Matcher sequence = SEQUENCE.matcher(envelope.sequence() == null ? "" : envelope.sequence());
        return sequence.lookingAt() ? new Lsn(Long.parseLong(sequence.group(1))) : null;
    }

    @Override
    public String collection(DebeziumEnvelope envelope) {
        return envelope.schema() + "." + envelope.tableName();
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
