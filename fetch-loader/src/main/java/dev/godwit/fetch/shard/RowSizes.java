package dev.godwit.fetch.shard;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.snapshot.SnapshotReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How long the rows of a table are as text. The driver keeps a row as a whole, and PostgreSQL sends none of 1 GiB or more: so what could not travel is found before anything is
 * loaded. Tables with few values out of line are not looked at; the lengths of texts and bytes stand beside their places, so that no long value is read for it.
 */
public final class RowSizes {
    /** No row of PostgreSQL's protocol is longer. */
    private static final long SERVER_MAX = (1L << 30) - 1;

    /** What compression may have saved at most, and how much longer than its stored form the text of a value may be. */
    private static final long EXPANSION = 255L * 4;

    private static final Set<String> LENGTH_KNOWN =
            Set.of("text", "varchar", "bpchar", "char", "character varying", "bytea");

    private final Dialect dialect;
    private final long bytesMax;
    private final int workers;

    /**
     * @param bytesMax how much memory there is for rows on their way
     * @param workers how many rows may be on their way at once
     */
    public RowSizes(Dialect dialect, long bytesMax, int workers) {
        this.dialect = dialect;
        this.bytesMax = bytesMax;
        this.workers = workers;
    }

    /**
     * About how many bytes the longest row of the slice has, 0 where it does not matter.
     *
     * @throws RefusedException naming the column, if a value cannot travel
     */
    public long longest(TablePlan table, SnapshotReader reader) throws SQLException {
        long harmless = bytesMax / workers;
        if (outOfLine(table, reader) <= harmless / EXPANSION) {
            return 0;
        }
        List<Column> columns = table.sourceColumns();
        List<String> lengths = columns.stream()
                .map(column -> length(column, harmless / EXPANSION))
                .toList();
        String sql = "SELECT coalesce(max(" + String.join(" + ", lengths) + "), 0), "
                + lengths.stream()
                        .map(length -> "coalesce(max(" + length + "), 0)")
                        .collect(Collectors.joining(", "))
                + " FROM " + table.rows(dialect);
        try (Statement statement = reader.connection().createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                List<Long> longest = new ArrayList<>();
                for (int i = 0; i < columns.size(); i++) {
                    longest.add(row.getLong(i + 2));
                }
                long whole = row.getLong(1);
                requirePossible(table.name(), columns.stream().map(Column::name).toList(), longest, whole, bytesMax);
                return whole <= harmless ? 0 : whole;
            }
        }
    }

    /** Of partitions too. */
    private long outOfLine(TablePlan table, SnapshotReader reader) throws SQLException {
        String name = "'" + dialect.quote(table.name()).replace("'", "''") + "'::regclass";
        return reader.number("WITH RECURSIVE parts (oid) AS (SELECT " + name + "::oid UNION ALL SELECT i.inhrelid FROM"
                + " pg_catalog.pg_inherits i JOIN parts p ON p.oid = i.inhparent) SELECT"
                + " coalesce(sum(pg_relation_size(c.reltoastrelid)), 0)::bigint FROM parts p JOIN pg_catalog.pg_class c ON"
                + " c.oid = p.oid WHERE c.reltoastrelid <> 0");
    }

    private String length(Column column, long harmless) {
        String name = dialect.quote(column.name());
        String type = column.type().baseName();
        String length = type.equals("bytea")
                ? "octet_length(" + name + ")::bigint * 2"
                : LENGTH_KNOWN.contains(type)
                        ? "octet_length(" + name + ")::bigint"
                        : String.format(
                                Locale.ROOT,
                                "CASE WHEN pg_column_size(%1$s) <= %2$d THEN pg_column_size(%1$s) ELSE octet_length(%1$s::text)"
                                        + " END::bigint",
                                name,
                                Math.max(8192, harmless));
        return "coalesce(" + length + ", 0)";
    }

    /** @throws RefusedException naming the column with the longest value, if the row cannot travel */
    static void requirePossible(TableName table, List<String> columns, List<Long> longest, long whole, long bytesMax) {
        if (whole <= Math.min(bytesMax, SERVER_MAX)) {
            return;
        }
        int worst = 0;
        for (int i = 1; i < columns.size(); i++) {
            worst = longest.get(i) > longest.get(worst) ? i : worst;
        }
        String found = "column " + table + "." + columns.get(worst) + ": a value has " + longest.get(worst)
                + " bytes as text, and its row about " + whole;
        if (whole > SERVER_MAX) {
            throw new RefusedException(
                    found + ", which is more than PostgreSQL can send in one row (" + SERVER_MAX + ")",
                    "leave the column out by a transformation, or the row by a row filter, and bring the value by other means;"
                            + " nothing was written");
        }
        throw new RefusedException(
                found + ", which is more than this process has room for (" + bytesMax + ", half of its memory)",
                "give it more memory: GODWIT_JAVA_OPTS=-Xmx" + (whole * 5 / 2 / (1 << 20) + 64)
                        + "m; nothing was written");
    }
}
