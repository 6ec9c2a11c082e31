package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.session.SqlFailure;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code IMPORT INTO} takes a table offline, and that ends every changefeed that watches it. Feeds that run over a session of
 * their own are seen by nobody.
 */
final class WatchingFeeds {
    /** All columns, since only newer versions say of which database a whole one is watched. */
    private static final String SQL =
            "SELECT * FROM [SHOW CHANGEFEED JOBS] WHERE status NOT IN ('canceled', 'succeeded', 'failed')";

    private static final String NOT_ALLOWED = "42501";

    private WatchingFeeds() {}

    /** @param database of the target, as changefeeds write it in front of schema and table */
    static void check(Connection target, String database, Collection<TableName> tables, Problems problems)
            throws SQLException {
        Map<String, TableName> byFullName = new TreeMap<>();
        tables.forEach(table -> byFullName.put(database + "." + table.schema() + "." + table.name(), table));
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery(SQL)) {
            boolean namesDatabases = hasColumn(row, "database_name");
            while (row.next()) {
                String job = row.getString("job_id");
                // Of a feed of a whole database the tables are not listed.
                if (namesDatabases && database.equals(row.getString("database_name"))) {
                    add(job, "the whole database " + database, problems);
                }
                for (String name : names(row)) {
                    if (byFullName.containsKey(name)) {
                        add(job, "table " + byFullName.get(name), problems);
                    }
                }
            }
        } catch (SQLException e) {
            if (!NOT_ALLOWED.equals(SqlFailure.state(e))) {
                throw e;
            }
            problems.add(
                    "the user may not list the changefeeds of the target, and IMPORT INTO would end those that watch"
                            + " the tables: " + SqlFailure.describe(e),
                    "load by COPY instead (--use-copy), or with a user of the role admin");
        }
    }

    private static boolean hasColumn(ResultSet row, String name) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            if (columns.getColumnName(i).equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static Object[] array(Array names) throws SQLException {
        return names == null ? new Object[0] : (Object[]) names.getArray();
    }

    private static List<String> names(ResultSet row) throws SQLException {
        return Stream.of(array(row.getArray("full_table_names")))
                .map(String::valueOf)
                .toList();
    }

    private static void add(String job, String watched, Problems problems) {
        problems.add(
                "changefeed " + job + " of the target watches " + watched
                        + "; IMPORT INTO would take the table offline and so end the feed",
                "load by COPY instead (--use-copy), or cancel the feed: CANCEL JOB " + job);
    }
}
