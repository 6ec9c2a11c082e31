package dev.godwit.apply.write;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.dialect.RowWrite;
import dev.godwit.database.filter.RowFilter;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Turns changes into {@link WriteStep}s; keeps the statements that it has rendered. Thread-safe. */
final class Statements {
    private final Dialect dialect;
    private final Map<TableName, RowFilter> slices;
    private final OwnParents ownParents;
    private final Map<List<Object>, RowWrite> rendered = new ConcurrentHashMap<>();

    Statements(Dialect dialect, Catalog catalog, Map<TableName, RowFilter> slices) {
        this.dialect = dialect;
        this.ownParents = new OwnParents(dialect, catalog);
        this.slices = Map.copyOf(slices);
    }

    Dialect dialect() {
        return dialect;
    }

    /** Deletes and upserts of one table, in no particular order within each. */
    List<WriteStep> steps(Table table, Iterable<Change> changes) {
        List<WriteStep> steps = new ArrayList<>();
        deletes(table, changes).ifPresent(steps::add);
        steps.addAll(upserts(table, changes));
        return steps;
    }

    Optional<WriteStep> deletes(Table table, Iterable<Change> changes) {
        List<String[]> rows = new ArrayList<>();
        List<Change> deleted = new ArrayList<>();
        for (Change change : changes) {
            if (change.operation() == Operation.DELETE) {
                rows.add(change.key().toArray());
                deleted.add(change);
            }
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(new WriteStep(delete(table), rows, deleted, false));
    }

    /**
     * Full rows by one upsert; rows of which only some columns were sent by one update for each set of columns; rows that are
     * older than some column by an upsert of the others.
     */
    List<WriteStep> upserts(Table table, Iterable<Change> changes) {
        List<Change> whole = new ArrayList<>();
        Map<Upserted, List<Change>> byColumns = new LinkedHashMap<>();
        for (Change change : changes) {
            if (change.operation() != Operation.UPSERT) {
                continue;
            }
            boolean partial = change.after().isPartial();
            if (partial || change.after().hasYounger()) {
                byColumns
                        .computeIfAbsent(
                                new Upserted(partial, change.after().writableColumns()), key -> new ArrayList<>())
                        .add(change);
            } else {
                whole.add(change); // as nearly all are: no comparison of columns for each
            }
        }
        List<WriteStep> steps = new ArrayList<>();
        if (!whole.isEmpty()) {
            List<Column> columns = table.writableColumns();
            steps.add(new WriteStep(upsert(table, columns), rows(table, columns, whole), whole, false));
        }
        byColumns.forEach((kind, upserted) -> {
            RowWrite write = kind.partial ? update(table, kind.columns) : upsert(table, kind.columns);
            steps.add(new WriteStep(write, rows(table, kind.columns, upserted), upserted, kind.partial));
        });
        return steps;
    }

    /** What goes by one statement. */
    private record Upserted(boolean partial, List<Column> columns) {}

    private static List<String[]> rows(Table table, List<Column> columns, List<Change> changes) {
        int[] indexes = columns.stream().mapToInt(table.columns()::indexOf).toArray();
        List<String[]> rows = new ArrayList<>(changes.size());
        for (Change change : changes) {
            Row after = change.after();
            String[] row = new String[indexes.length];
            for (int i = 0; i < row.length; i++) {
                row[i] = after.value(indexes[i]);
            }
            rows.add(row);
        }
        return rows;
    }

    /** Removes every row of the slice; a TRUNCATE statement would take the rows of other phases with it. */
    WriteStep truncate(Change change) {
        String table = dialect.quote(change.table().name());
        String where = slice(change.table())
                .map(filter -> " WHERE " + filter.sql(dialect))
                .orElse("");
        List<String> sql = new ArrayList<>();
        List<Column> letGo = ownParents.of(change.table());
        if (!letGo.isEmpty()) {
            sql.add("UPDATE " + table + " SET "
                    + letGo.stream()
                            .map(column -> dialect.quote(column.name()) + " = NULL")
                            .collect(Collectors.joining(", "))
                    + where);
        }
        sql.add("DELETE FROM " + table + where);
        RowWrite write = (connection, rows) -> {
            try (Statement statement = connection.createStatement()) {
                int last = 0;
                for (String one : sql) {
                    last = statement.executeUpdate(one);
                }
                return last;
            }
        };
        return new WriteStep(write, List.<String[]>of(new String[0]), List.of(change), false);
    }

    RowWrite upsert(Table table, List<Column> columns) {
        return rendered.computeIfAbsent(
                List.of("upsert", table.name(), columns), key -> dialect.upsert(table, columns));
    }

    /** Where no column can be overwritten (only the key was sent, the rest is unchanged), merely counts the rows. */
    RowWrite update(Table table, List<Column> columns) {
        boolean overwrites = columns.stream()
                .anyMatch(column -> !table.primaryKey().contains(column.name())
                        && column.generation() != Generation.IDENTITY_ALWAYS);
        return rendered.computeIfAbsent(
                List.of("update", table.name(), columns),
                key -> overwrites ? dialect.update(table, columns) : new RowCount(dialect, table, columns));
    }

    RowWrite delete(Table table) {
        return rendered.computeIfAbsent(List.of("delete", table.name()), key -> dialect.delete(table, slice(table)));
    }

    /** Whether the row that goes is surely one of ours: where it is not known, the target decides when it deletes. */
    boolean isSurelyOurs(Change delete) {
        RowFilter filter = slices.get(delete.table().name());
        Row before = delete.before();
        return filter == null
                || (before != null
                        && !before.isNone()
                        && filter.columns().stream().allMatch(before::isSent)
                        && filter.matches(before::value));
    }

    /** What a row has to let go of before it can be deleted although it refers to itself. */
    OwnParents ownParents() {
        return ownParents;
    }

    private Optional<RowFilter> slice(Table table) {
        return Optional.ofNullable(slices.get(table.name()));
    }
}
