package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code IMPORT INTO} takes a table offline, and that ends every changefeed that watches it. Feeds that run over a session of
 * their own are seen by nobody.
 */
final class WatchingFeeds {
    private static final String SQL =
            "SELECT w.job_id, w.full_name FROM (SELECT job_id, unnest(full_table_names) AS full_name"
                    + " FROM [SHOW CHANGEFEED JOBS] WHERE status NOT IN ('canceled', 'succeeded', 'failed')) AS w";

    private WatchingFeeds() {}

    /** @param database of the target, as changefeeds write it in front of schema and table */
    static void check(Connection target, String database, Collection<TableName> tables, Problems problems)
            throws SQLException {
        Map<String, TableName> byFullName = new TreeMap<>();
        tables.forEach(table -> byFullName.put(database + "." + table.schema() + "." + table.name(), table));
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery(SQL)) {
            while (row.next()) {
                TableName table = byFullName.get(row.getString(2));
                if (table != null) {
                    problems.add(
                            "changefeed " + row.getString(1) + " of the target watches table " + table
                                    + "; IMPORT INTO would take the table offline and so end the feed",
                            "load by COPY instead (--use-copy), or cancel the feed: CANCEL JOB " + row.getString(1));
                }
            }
        }
    }
}
