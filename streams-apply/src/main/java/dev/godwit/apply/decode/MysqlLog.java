package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.BinlogPosition;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;

/**
 * Transaction ids of the MySQL connector are GTIDs. In the END, Godwit's plug-in has put the end's place in the binary log behind it:
 * {@code <GTID> <file>:<offset>}.
 */
final class MysqlLog implements DebeziumLog {
    private final ColumnValues values = new DebeziumMysqlValues();
    private final CollectionName collection = new CollectionName();

    @Override
    public ColumnValues values() {
        return values;
    }

    @Override
    public String transaction(Origin origin, String id) {
        int blank = id.indexOf(' ');
        return blank < 0 ? id : id.substring(0, blank);
    }

    @Override
    public String transaction(Origin origin, DebeziumEnvelope envelope) {
        return transaction(origin, envelope.transactionId());
    }

    @Override
    public Position end(Origin origin, String id) {
        int blank = id.indexOf(' ');
        if (blank < 0) {
            throw new ApplyException("the transaction id \"" + id + "\" at " + origin
                    + " has no place in the binary log; was the connector deployed by godwit connectors deploy?");
        }
        return BinlogPosition.parse(id.substring(blank + 1));
    }

    @Override
    public Position row(Origin origin, Json.Members source) {
        return BinlogPosition.of(
                DebeziumDecoder.text(origin, source, "file"), DebeziumDecoder.number(origin, source, "pos"));
    }

    @Override
    public String collection(Origin origin, Json.Members source) {
        return DebeziumDecoder.text(origin, source, "db") + "." + DebeziumDecoder.text(origin, source, "table");
    }

    @Override
    public Position row(DebeziumEnvelope envelope) {
        return BinlogPosition.of(envelope.file(), envelope.offset());
    }

    /** The log is in commit order. */
    @Override
    public Position place(DebeziumEnvelope envelope) {
        return row(envelope);
    }

    @Override
    public Position place(Origin origin, Json.Members source) {
        return row(origin, source);
    }

    @Override
    public String collection(DebeziumEnvelope envelope) {
        return collection.of(envelope.database(), envelope.tableName());
    }
}
