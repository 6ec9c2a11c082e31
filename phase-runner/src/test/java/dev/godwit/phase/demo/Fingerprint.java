package dev.godwit.phase.demo;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.local.demo.DemoSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the tables of the demo hold, by SQL of the tests' own: nothing of Godwit is used to compare. */
final class Fingerprint {
    private Fingerprint() {}

    /** Table to row count and hash of all rows of the slice. */
    static Map<String, String> of(Database database, String filter) throws SQLException {
        Map<String, String> tables = new TreeMap<>();
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            for (TableName table : DemoSchema.TABLES) {
                try (ResultSet row = statement.executeQuery("SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text,"
                        + " E'\\n' ORDER BY t::text COLLATE \"C\"), '')) FROM " + table + " t WHERE " + filter)) {
                    row.next();
                    tables.put(table.name(), row.getString(1));
                }
            }
        }
        return tables;
    }

    static String single(Database database, String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** All rows of a query, as texts. */
    static List<List<String>> rows(Database database, String sql) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    values.add(row.getString(i));
                }
                rows.add(values);
            }
        }
        return rows;
    }
}
