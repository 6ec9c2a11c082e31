package dev.godwit.fetch.load;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.file.Manifest;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.session.SqlFailure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Compares what the target holds after imports with the manifest: {@code IMPORT INTO} itself says nothing that could be compared. */
final class RowCount {
    private final Database target;
    private final FetchListener listener;

    RowCount(Database target, FetchListener listener) {
        this.target = target;
        this.listener = listener;
    }

    void require(List<Manifest.Table> tables) throws LoadBrokenException {
        Map<TableName, List<Manifest.Table>> byTarget = tables.stream()
                .collect(Collectors.groupingBy(Manifest.Table::target, TreeMap::new, Collectors.toList()));
        for (Map.Entry<TableName, List<Manifest.Table>> entry : byTarget.entrySet()) {
            List<String> conditions = entry.getValue().stream()
                    .map(table -> String.valueOf(table.condition()))
                    .distinct()
                    .toList();
            if (conditions.size() > 1 || conditions.contains("null")) {
                listener.warned(
                        "the rows of " + entry.getKey()
                                + " on the target could not be counted, since the target does not know which of them are these");
                continue;
            }
            long expected = entry.getValue().stream()
                    .mapToLong(Manifest.Table::rowsTotal)
                    .sum();
            require(entry.getKey(), conditions.get(0), expected);
        }
    }

    private void require(TableName table, String condition, long expected) throws LoadBrokenException {
        try (Connection connection = target.open();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(
                    "SELECT count(*) FROM " + target.dialect().quote(table) + condition)) {
                row.next();
                if (row.getLong(1) != expected) {
                    throw new LoadBrokenException(
                            "table " + table + " of the target holds " + row.getLong(1) + " rows" + condition
                                    + " after the import, but the files hold " + expected,
                            "find out who else writes into the table; if nobody does, load it anew with --use-copy, and"
                                    + " report this",
                            null);
                }
            }
        } catch (SQLException e) {
            throw new LoadBrokenException(
                    "counting the rows of " + table + " on the target failed: " + SqlFailure.describe(e),
                    "count them yourself: the files hold " + expected,
                    e);
        }
    }
}
