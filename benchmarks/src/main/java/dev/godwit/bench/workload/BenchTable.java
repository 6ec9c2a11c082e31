package dev.godwit.bench.workload;

import dev.godwit.database.catalog.TableName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table of a workload. Its key columns come first, and its first text column is the one by which a reader sees the
 * beginning and the end of the history in the {@linkplain History#MARK_KEY marked row}.
 *
 * @param keyColumns how many of the columns are the primary key
 * @param constraints foreign keys, as clauses of ALTER TABLE ... ADD
 * @param indexes further statements, run for every target
 */
public record BenchTable(
        String name, List<BenchColumn> columns, int keyColumns, List<String> constraints, List<String> indexes) {
    /** Where the tables are. */
    public static final String SCHEMA = "bench";

    /** @param sqlType with precision, where it has one */
    public record BenchColumn(String name, ValueKind kind, String sqlType) {}

    static BenchColumn column(String name, ValueKind kind) {
        return new BenchColumn(name, kind, kind.sqlType());
    }

    static BenchColumn numeric(String name, int precision, int scale) {
        return new BenchColumn(name, ValueKind.NUMERIC, "numeric(" + precision + "," + scale + ")");
    }

    public TableName tableName() {
        return new TableName(SCHEMA, name);
    }

    /** {@code schema.table}, as in SQL and in Debezium's names. */
    public String qualifiedName() {
        return SCHEMA + "." + name;
    }

    /** Key columns are NOT NULL, as the primary key makes them; all others take NULL. */
    public String createStatement() {
        return columns.stream()
                .map(column -> column.name() + " " + column.sqlType())
                .collect(Collectors.joining(
                        ", ",
                        "CREATE TABLE " + qualifiedName() + " (",
                        ", PRIMARY KEY ("
                                + columns.subList(0, keyColumns).stream()
                                        .map(BenchColumn::name)
                                        .collect(Collectors.joining(", "))
                                + "))"));
    }

    /** The place of the first text column. */
    public int markColumn() {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).kind() == ValueKind.TEXT) {
                return i;
            }
        }
        throw new IllegalStateException(name + " has no text column");
    }

    @Override
    public String toString() {
        return qualifiedName();
    }
}
