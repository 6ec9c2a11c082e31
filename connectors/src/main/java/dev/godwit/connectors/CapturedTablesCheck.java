package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** Refuses tables whose changes could not be carried over exactly. */
final class CapturedTablesCheck {
    private static final Pattern UNREADABLE = Pattern.compile("[\"'`.]");

    private CapturedTablesCheck() {}

    /** @return the tables of those names */
    static List<Table> check(Catalog catalog, Collection<TableName> names) {
        List<Table> tables = new ArrayList<>();
        for (TableName name : names) {
            checkName(name);
            Table table = catalog.table(name)
                    .orElseThrow(() ->
                            new RefusedException("the source has no table " + name, "check the names of the tables"));
            if (table.primaryKey().isEmpty()) {
                throw new RefusedException(
                        "table " + name + " has no primary key", "give it one, or leave the table out of the phase");
            }
            checkIdentity(table);
            table.columns().stream().filter(Column::isWritable).forEach(column -> checkType(table, column));
            tables.add(table);
        }
        return tables;
    }

    /** Debezium parses {@code schema.table} again for each change, and then fails on such names (TableIdParser of 3.6.1). */
    private static void checkName(TableName name) {
        if (UNREADABLE.matcher(name.schema()).find()
                || UNREADABLE.matcher(name.name()).find()) {
            throw new RefusedException(
                    "Debezium cannot read the table name " + name + ": it has a quotation mark or a dot in it",
                    "rename the table, or leave it out of the phase");
        }
    }

    private static void checkIdentity(Table table) {
        if (table.replicaIdentity() == ReplicaIdentity.NOTHING || table.replicaIdentity() == ReplicaIdentity.INDEX) {
            throw new RefusedException(
                    "table " + table.name() + " has REPLICA IDENTITY "
                            + (table.replicaIdentity() == ReplicaIdentity.NOTHING ? "NOTHING" : "USING INDEX")
                            + ", so that deletes do not tell the primary key",
                    "ALTER TABLE " + table.name() + " REPLICA IDENTITY DEFAULT;");
        }
    }

    private static void checkType(Table table, Column column) {
        ColumnType type = column.type();
        if (!type.isSupported()) {
            throw new RefusedException(
                    "column \"" + column.name() + "\" of table " + table.name() + " has the type " + type
                            + ", which Godwit does not carry yet",
                    "leave the table out of the phase");
        }
        if (type.kind() == TypeKind.TIMETZ) {
            throw new RefusedException(
                    "column \"" + column.name() + "\" of table " + table.name() + " has the type " + type
                            + ", and Debezium does not send its time zone",
                    "change the column to time or timestamptz, or leave the table out of the phase");
        }
    }
}
