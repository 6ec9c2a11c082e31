package dev.godwit.fetch.session;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Opens connections on which the text of a value does not depend on how server, database or role are configured, and which no time limit
 * ends in the middle of a load.
 */
public final class PinnedSession {
    // Settings that a server does not know (idle_session_timeout before PostgreSQL 14, transaction_timeout before 17)
    // fall out in the join.
    // row_security off does not lift row level security: it makes a query fail that would otherwise leave rows out in
    // silence.
    private static final String PIN = """
            SELECT count(set_config(s.name, p.value, false)) FROM (VALUES
              ('extra_float_digits', '3'),
              ('DateStyle', 'ISO, MDY'),
              ('IntervalStyle', 'postgres'),
              ('bytea_output', 'hex'),
              ('TimeZone', 'UTC'),
              ('lc_monetary', 'C'),
              ('xmloption', 'content'),
              ('standard_conforming_strings', 'on'),
              ('row_security', 'off'),
              ('statement_timeout', '0'),
              ('lock_timeout', '0'),
              ('idle_in_transaction_session_timeout', '0'),
              ('idle_session_timeout', '0'),
              ('transaction_timeout', '0')) AS p(name, value)
            JOIN pg_catalog.pg_settings s ON lower(s.name) = lower(p.name)""";

    /**
     * CockroachDB has some of PostgreSQL's settings for show and refuses every value but its own ({@code lc_monetary} only takes {@code C.UTF-8}), and two have
     * names of its own. What a version does not know yet is left out.
     */
    private static final Map<String, String> COCKROACH = new TreeMap<>(Map.of(
            "extra_float_digits", "3",
            "datestyle", "'ISO, MDY'",
            "intervalstyle", "'postgres'",
            "bytea_output", "'hex'",
            "timezone", "'UTC'",
            "statement_timeout", "0",
            "lock_timeout", "0",
            "idle_in_transaction_session_timeout", "0",
            "idle_in_session_timeout", "0",
            "transaction_timeout", "0"));

    private PinnedSession() {}

    /** In auto-commit mode. The caller closes it. The driver itself pins client_encoding to UTF8. */
    public static Connection open(Database database) throws SQLException {
        return open(database, new Properties());
    }

    /** With driver properties beside those of the URL. */
    public static Connection open(Database database, Properties more) throws SQLException {
        Connection connection = database.open(more);
        try (Statement statement = connection.createStatement()) {
            statement.execute(database.product() == Product.COCKROACHDB ? pinOfCockroach(statement) : PIN);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static String pinOfCockroach(Statement statement) throws SQLException {
        StringJoiner settings = new StringJoiner("; ");
        try (ResultSet row = statement.executeQuery("SELECT lower(name) FROM pg_catalog.pg_settings")) {
            while (row.next()) {
                String value = COCKROACH.get(row.getString(1));
                if (value != null) {
                    settings.add("SET " + row.getString(1) + " = " + value);
                }
            }
        }
        return settings.toString();
    }
}
