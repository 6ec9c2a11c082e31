package dev.godwit.fetch.schema;

import dev.godwit.database.Product;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;

/** Runs the statements that drop tables and make them anew. */
final class MakingTables {
    /**
     * From v26.1 on CockroachDB locks the schema of every new table, and unlocks it by itself for some statements only: those that follow when the rows are in may be others. Says
     * nothing to versions that have no such setting.
     */
    private static final String UNLOCKED = "SELECT set_config(name, 'off', false) FROM pg_catalog.pg_settings"
            + " WHERE name = 'create_table_with_schema_locked'";

    private MakingTables() {}

    /**
     * By one transaction. CockroachDB cannot make what it has dropped in the same one: there each statement is one, and all of them may be run again.
     *
     * @param connection in auto-commit mode, and so again afterwards
     */
    static void run(Connection connection, Product product, Collection<String> statements) throws SQLException {
        connection.setAutoCommit(product == Product.COCKROACHDB);
        try (Statement statement = connection.createStatement()) {
            if (product == Product.COCKROACHDB) {
                statement.execute(UNLOCKED);
            }
            for (String sql : statements) {
                statement.execute(sql);
            }
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        } catch (SQLException e) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }
}
