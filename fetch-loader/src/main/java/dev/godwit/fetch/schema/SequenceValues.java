package dev.godwit.fetch.schema;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.selection.MappedTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Where the sequences of the source stand, as statements that bring those of the target there. */
public final class SequenceValues {
    private SequenceValues() {}

    /**
     * Reads the sequences that columns of the tables take their values from. They are not part of any snapshot: what is read is where they
     * stand now, which is never before a value that a row of an earlier snapshot has.
     *
     * @param source its search path is another afterwards
     */
    public static List<String> read(
            Connection source, Dialect target, Collection<Table> tables, Map<TableName, MappedTable> mappings)
            throws SQLException {
        List<String> statements = new ArrayList<>();
        SchemaReader.read(source, tables).forEach((name, table) -> {
            MappedTable mapping = mappings.get(name);
            for (SequenceDefinition sequence : table.sequences) {
                sequence.lastValue()
                        .filter(value -> !mapping.leftOut().contains(sequence.column()))
                        .ifPresent(value -> statements.add(
                                sequence.identity()
                                        ? restart(target, mapping, sequence, value)
                                        : setval(target, sequence.name(), value)));
            }
        });
        return statements;
    }

    static String setval(Dialect target, TableName sequence, long value) {
        return "SELECT setval('" + target.quote(sequence).replace("'", "''") + "', " + value + ");";
    }

    /** An identity's sequence may be called otherwise on the target, so it is reached by its column. */
    static String restart(Dialect target, MappedTable mapping, SequenceDefinition sequence, long value) {
        if (target.product() == Product.COCKROACHDB) {
            // RESTART is known from v24.1 on only.
            return "SELECT setval(pg_get_serial_sequence(" + target.literal(target.quote(mapping.target())) + ", "
                    + target.literal(mapping.targetColumn(sequence.column())) + "), " + value + ");";
        }
        return "ALTER TABLE " + target.quote(mapping.target()) + " ALTER COLUMN "
                + target.quote(mapping.targetColumn(sequence.column())) + " RESTART WITH "
                + Math.addExact(value, sequence.increment()) + ";";
    }
}
