package dev.godwit.fetch;

import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.filter.TableSlice;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Whether there are rows to load, and whether the target has room for them. */
final class RowChecks {
    private final FetchRequest request;
    private final Problems problems;

    RowChecks(FetchRequest request, Problems problems) {
        this.request = request;
        this.problems = problems;
    }

    void check(TableSlice slice, Connection source, Connection target) throws SQLException {
        if (slice.filter().isPresent() && !exists(source, request.source().dialect(), slice)) {
            problems.add(
                    "the filter of " + slice.table() + " matches no row of the source: "
                            + slice.filter().get(),
                    "check the filter's values, also their upper and lower case");
        }
        Dialect dialect = request.target().dialect();
        switch (request.tableHandling()) {
            case NONE -> {
                if (exists(target, dialect, slice)) {
                    problems.add(
                            "the target already holds rows of " + slice,
                            slice.filter().isPresent()
                                    ? "delete them: " + deleteSql(dialect, slice)
                                    : "delete them, or choose the table handling truncate-if-exists");
                }
            }
            case TRUNCATE_IF_EXISTS -> {
                if (slice.filter().isPresent() && holdsOthers(target, dialect, slice)) {
                    problems.add(
                            "truncating " + slice.table()
                                    + " on the target would lose rows that do not belong to this load ("
                                    + slice.filter().get() + ")",
                            "choose the table handling none, and delete old rows of this load yourself: "
                                    + deleteSql(dialect, slice));
                }
            }
            case REPLACE_SLICE -> {}
        }
    }

    static String deleteSql(Dialect dialect, TableSlice slice) {
        return "DELETE FROM " + dialect.quote(slice.table()) + slice.where(dialect) + ";";
    }

    private static boolean exists(Connection connection, Dialect dialect, TableSlice slice) throws SQLException {
        return ask(connection, dialect.quote(slice.table()) + slice.where(dialect));
    }

    /** A row for which the filter is unknown (NULL) does not belong to the slice either. */
    private static boolean holdsOthers(Connection connection, Dialect dialect, TableSlice slice) throws SQLException {
        return ask(
                connection,
                dialect.quote(slice.table()) + " WHERE ("
                        + slice.filter().orElseThrow().sql(dialect) + ") IS NOT TRUE");
    }

    private static boolean ask(Connection connection, String from) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT 1 FROM " + from + ")")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
