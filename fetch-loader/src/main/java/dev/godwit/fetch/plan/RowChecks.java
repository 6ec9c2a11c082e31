package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.database.selection.RowCondition;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.Mismatch;
import dev.godwit.fetch.session.SqlFailure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Whether there are rows to load, and whether the target has room for them. */
final class RowChecks {
    private final FetchRequest request;
    private final Problems problems;
    private final boolean sourceOnly;

    RowChecks(FetchRequest request, Problems problems, boolean sourceOnly) {
        this.request = request;
        this.problems = problems;
        this.sourceOnly = sourceOnly;
    }

    void check(MappedTable table, Connection source, Connection target, Catalog targetCatalog) throws SQLException {
        if (!checkFilter(table, source)
                || sourceOnly
                || targetCatalog.table(table.target()).isEmpty()) {
            return;
        }
        Dialect dialect = request.target().dialect();
        switch (request.tableHandling()) {
            case NONE -> {
                if (holdsSlice(target, dialect, table)) {
                    problems.add(
                            "the target already holds rows of " + describe(table),
                            table.rows().isPresent()
                                    ? "delete them: " + deleteSql(dialect, table)
                                    : "delete them, or choose the table handling truncate-if-exists");
                }
            }
            case TRUNCATE_IF_EXISTS -> refuseOthers(table, target, "truncating ");
            case DROP_ON_TARGET_AND_RECREATE -> refuseOthers(table, target, "dropping ");
            case REPLACE_SLICE -> {}
        }
    }

    private void refuseOthers(MappedTable table, Connection target, String doing) throws SQLException {
        Dialect dialect = request.target().dialect();
        if (table.rows().isPresent() && holdsOthers(target, dialect, table)) {
            problems.add(
                    doing + table.target() + " on the target would lose rows that do not belong to this load ("
                            + table.rows().get() + ")",
                    "choose the table handling none, and delete old rows of this load yourself: "
                            + deleteSql(dialect, table));
        }
    }

    /** Whether the source takes the filter. */
    private boolean checkFilter(MappedTable table, Connection source) throws SQLException {
        if (table.rows().isEmpty()) {
            return true;
        }
        Dialect dialect = request.source().dialect();
        try {
            if (!exists(source, dialect.quote(table.source()) + table.where(dialect))) {
                problems.add(
                        "the filter of " + table.source() + " matches no row of the source: "
                                + table.rows().get(),
                        "check the filter's values, also their upper and lower case");
            }
            return true;
        } catch (SQLException e) {
            if (SqlFailure.isConnectionLost(e)) {
                throw e;
            }
            problems.add(
                    "the source does not take the filter of " + table.source() + ", "
                            + table.rows().get() + ": " + SqlFailure.describe(e),
                    "write a condition that the source understands");
            return false;
        }
    }

    private static String describe(MappedTable table) {
        return table.target()
                + table.rows().map(condition -> " where " + condition).orElse("");
    }

    static String deleteSql(Dialect dialect, MappedTable table) {
        return "DELETE FROM " + dialect.quote(table.target()) + table.where(dialect) + ";";
    }

    /** A filter in the source's own words may mean nothing on the target; then nobody can tell its rows from others there. */
    private boolean holdsSlice(Connection target, Dialect dialect, MappedTable table) throws SQLException {
        String all = dialect.quote(table.target());
        if (!exists(target, all)) {
            return false;
        }
        boolean known = table.rows().isEmpty()
                || table.rows()
                        .flatMap(RowCondition::filter)
                        .filter(filter -> filter.columns().stream()
                                .allMatch(column -> table.targetColumn(column).equals(column)))
                        .isPresent();
        try {
            return exists(target, all + table.where(dialect));
        } catch (SQLException e) {
            if (known || SqlFailure.isConnectionLost(e)) {
                throw e;
            }
            problems.add(new Mismatch(
                    "filter_not_on_target",
                    table.source(),
                    "the target does not understand the filter of " + table.source()
                            + ", so whether it already holds some of"
                            + " its rows is not known; if it does, the load breaks off at the first key that is there",
                    "",
                    false));
            return false;
        }
    }

    /** A row for which the filter is unknown (NULL) does not belong to the slice either. */
    private static boolean holdsOthers(Connection target, Dialect dialect, MappedTable table) throws SQLException {
        String all = dialect.quote(table.target());
        if (!exists(target, all)) {
            return false;
        }
        return table.rows().flatMap(RowCondition::filter).isEmpty()
                || exists(target, all + " WHERE (" + table.rows().get().sql(dialect) + ") IS NOT TRUE");
    }

    private static boolean exists(Connection connection, String from) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Braces in a user's condition are no JDBC escapes.
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT 1 FROM " + from + ")")) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
