package dev.godwit.bench.workload;

import java.util.Arrays;
import java.util.List;

/**
 * One change of one row.
 *
 * @param row the whole row as PostgreSQL's input text; for a delete only the key columns count. Not to be changed.
 */
public record RowChange(BenchTable table, Operation operation, String[] row) {
    /** What Debezium calls c, u and d. */
    public enum Operation {
        INSERT,
        UPDATE,
        DELETE
    }

    /** The values of the key columns. */
    public List<String> key() {
        return List.of(Arrays.copyOf(row, table.keyColumns()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowChange that
                && table == that.table
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
