package dev.godwit.fetch.plan;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.ImportRequest;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.file.Manifest;
import dev.godwit.fetch.session.PinnedSession;
import dev.godwit.fetch.session.SqlFailure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Whether the files of an export fit the tables of the target. Writes nothing. */
public final class ImportChecks {
    private final ImportRequest request;
    private final Problems problems = new Problems();

    public ImportChecks(ImportRequest request) {
        this.request = request;
    }

    /**
     * @param first whether no file of the load can be in yet
     * @throws RefusedException with everything that stands in the way
     */
    public void check(Manifest manifest, boolean first) {
        requireTable(manifest);
        Dialect dialect = request.target().dialect();
        try (Connection target = PinnedSession.open(request.target())) {
            Catalog catalog = dialect.readCatalog(target);
            Set<TableName> looked = new HashSet<>();
            for (Manifest.Table table : manifest.tables()) {
                Optional<Table> there = catalog.table(table.target());
                if (there.isEmpty()) {
                    problems.add("table " + table.target() + ": missing on the target", "create it there");
                    continue;
                }
                for (String column : table.columns()) {
                    if (there.get().column(column).isEmpty()) {
                        problems.add(
                                "column " + table.target() + "." + column + ": missing on the target", "add it there");
                    }
                }
                // Where the target does not know which rows are these, the load itself finds keys that collide.
                if (first
                        && table.condition() != null
                        && request.handling() == TableHandling.NONE
                        && looked.add(table.target())) {
                    checkRows(target, table);
                }
            }
            if (first && request.files().importsInto(request.target())) {
                WatchingFeeds.check(
                        target,
                        request.target().url().database(),
                        manifest.tables().stream().map(Manifest.Table::target).toList(),
                        problems);
            }
        } catch (SQLException e) {
            throw new RefusedException(
                    "a check before the import failed: " + SqlFailure.describe(e),
                    "mend the cause that the server names, then run it again; nothing was written",
                    e);
        }
        problems.refuseIfAny();
    }

    private void requireTable(Manifest manifest) {
        request.continuation().onlyTable().ifPresent(only -> {
            if (manifest.tables().stream().noneMatch(table -> table.source().equals(only))) {
                throw new RefusedException(
                        "load " + manifest.fetchId() + " has no table " + only, "look at godwit fetch tokens list");
            }
        });
    }

    /** Their keys would collide, and an import of CockroachDB would fail as a whole. */
    private void checkRows(Connection target, Manifest.Table table) throws SQLException {
        String where = table.condition();
        try (Statement statement = target.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(
                    "SELECT EXISTS (SELECT 1 FROM " + request.target().dialect().quote(table.target()) + where + ")")) {
                row.next();
                if (row.getBoolean(1)) {
                    problems.add(
                            "the target already holds rows of " + table.target() + where
                                    + ": their keys would collide with those of the files",
                            "delete them, or choose the table handling truncate-if-exists");
                }
            }
        }
    }
}
