package dev.godwit.bench.workload;

import java.util.Arrays;
import java.util.List;

/** One change of one row. Immutable, if nobody changes the row. */
public final class RowChange {
    private final BenchTable table;
    private final Operation operation;
    private final String[] row;

    /** What Debezium calls c, u and d. */
    public enum Operation {
        INSERT,
        UPDATE,
        DELETE
    }

    /** @param row the whole row as PostgreSQL's input text; it is kept and must not be changed */
    RowChange(BenchTable table, Operation operation, String[] row) {
        this.table = table;
        this.operation = operation;
        this.row = row;
    }

    public BenchTable table() {
        return table;
    }

    public Operation operation() {
        return operation;
    }

    /** The whole row; of a delete, the one that goes. Not to be changed. */
    public String[] row() {
        return row;
    }

    /** The values of the key columns. */
    public List<String> key() {
        return List.of(Arrays.copyOf(row, table.keyColumns()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowChange that
                && table.equals(that.table)
                && operation == that.operation
                && Arrays.equals(row, that.row);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(row);
    }

    @Override
    public String toString() {
        return operation + " " + table + " " + key();
    }
}
