package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/** Opens connections that see one state of the database, write nothing, and put every value out in one known form. */
final class ReadSession {
    private static final List<Setting> SETTINGS = List.of(
            new Setting("extra_float_digits", "3"),
            new Setting("DateStyle", "ISO, MDY"),
            new Setting("IntervalStyle", "postgres"),
            new Setting("TimeZone", "UTC"),
            new Setting("bytea_output", "hex"),
            // Literals hold what users' keys hold: a backslash is a backslash.
            new Setting("standard_conforming_strings", "on"),
            // One side waits while the other sorts a large table.
            new Setting("idle_in_transaction_session_timeout", "0"));

    private static final List<Setting> POSTGRES_SETTINGS = List.of(
            // A row-level security policy would hide rows, on both sides perhaps; without this nobody would notice. It
            // makes the query fail instead.
            new Setting("row_security", "off"),
            new Setting("lc_monetary", "C"),
            // Compiling a query that reads some thousand rows takes longer than reading them.
            new Setting("jit", "off"));

    record Setting(String name, String value) {

        /** CockroachDB takes no text where it wants a number. */
        String statement() {
            boolean bare = value.matches("[0-9]+|on|off");
            return "SET " + name + " = " + (bare ? value : "'" + value + "'");
        }
    }

    private ReadSession() {}

    /** Queries may take as long as they do. */
    static Connection open(Database database, Optional<String> snapshot) throws SQLException {
        return open(database, snapshot, Duration.ZERO);
    }

    /**
     * @param snapshot an exported snapshot to read; empty for the state at the first query
     * @param statementTimeout after which the database ends a query; zero for never
     */
    static Connection open(Database database, Optional<String> snapshot, Duration statementTimeout)
            throws SQLException {
        if (database.product() == Product.MYSQL) {
            return openMysql(database, statementTimeout);
        }
        List<Setting> settings = new ArrayList<>(SETTINGS);
        settings.add(new Setting("statement_timeout", Long.toString(statementTimeout.toMillis())));
        Properties properties = new Properties();
        // In simple mode the driver would fetch the whole result at once.
        properties.setProperty("preferQueryMode", "extended");
        // A query that is asked with parameters is asked for many ranges.
        properties.setProperty("prepareThreshold", "1");
        if (database.product() == Product.POSTGRESQL) {
            // A few round trips less for each connection.
            properties.setProperty("assumeMinServerVersion", "12");
        }
        Connection connection = database.open(properties);
        try (Statement statement = connection.createStatement()) {
            if (database.product() == Product.POSTGRESQL) {
                settings.addAll(POSTGRES_SETTINGS);
                statement.execute(settings.stream()
                        .map(setting -> "set_config('" + setting.name() + "', '" + setting.value() + "', false)")
                        .collect(Collectors.joining(", ", "SELECT ", "")));
            } else {
                for (Setting setting : settings) {
                    statement.execute(setting.statement());
                }
            }
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false); // and only then are rows fetched in batches
            useSnapshot(connection, snapshot);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Its snapshots cannot be handed on, so what is seen is the state at the first query. */
    private static Connection openMysql(Database database, Duration statementTimeout) throws SQLException {
        Connection connection = database.open();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION net_write_timeout = 86400, wait_timeout = 86400, max_execution_time = "
                    + statementTimeout.toMillis());
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Before the first query of a transaction. */
    static void useSnapshot(Connection connection, Optional<String> snapshot) throws SQLException {
        if (snapshot.isPresent()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION SNAPSHOT '" + snapshot.get().replace("'", "''") + "'");
            }
        }
    }
}
