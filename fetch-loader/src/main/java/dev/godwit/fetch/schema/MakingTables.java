package dev.godwit.fetch.schema;

import dev.godwit.database.Product;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;

/** Runs the statements that drop tables and make them anew. */
final class MakingTables {
    private MakingTables() {}

    /**
     * By one transaction. CockroachDB cannot make what it has dropped in the same one: there each statement is one, and all of them may be run again.
     *
     * @param connection in auto-commit mode, and so again afterwards
     */
    static void run(Connection connection, Product product, Collection<String> statements) throws SQLException {
        connection.setAutoCommit(product == Product.COCKROACHDB);
        try (Statement statement = connection.createStatement()) {
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
