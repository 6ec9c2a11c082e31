package dev.godwit.apply.decode;

import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;

/** What differs between Debezium's connectors: how they name transactions, places in the log, tables, and values. Not thread-safe. */
public interface DebeziumLog {

    /** Of the PostgreSQL connector. */
    static DebeziumLog postgres() {
        return new PostgresLog();
    }

    /** Of the MySQL connector, with Godwit's plug-in. */
    static DebeziumLog mysql() {
        return new MysqlLog();
    }

    /** How the values of columns are written. */
    ColumnValues values();

    /** What BEGIN, rows and END of a transaction have in common. */
    String transaction(Origin origin, String id);

    /** The same, of a row. */
    String transaction(Origin origin, DebeziumEnvelope envelope);

    /** @param id of an END */
    Position end(Origin origin, String id);

    /** At or before the end of the row's transaction, and after the ends of all that were committed before. */
    Position row(Origin origin, Json.Members source);

    /** The same. */
    Position row(DebeziumEnvelope envelope);

    /** Never falls from one transaction to the next; null if the message does not tell it. */
    Position place(DebeziumEnvelope envelope);

    /** The same. */
    Position place(Origin origin, Json.Members source);

    /** The table, as END counts it. */
    String collection(Origin origin, Json.Members source);

    /** The same. */
    String collection(DebeziumEnvelope envelope);
}
