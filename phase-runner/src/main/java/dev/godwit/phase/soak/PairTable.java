package dev.godwit.phase.soak;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Rows in pairs, both of which every transaction changes together, and versions that only rise: whoever reads both rows of a
 * pair with different versions has seen a torn transaction, whoever reads a lower version than before has seen time go
 * back.
 */
final class PairTable {
    static final TableName NAME = new TableName("soak", "pair");
    static final int PAIRS = 40;

    private PairTable() {}

    static void create(Database database) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA soak");
            statement.execute("CREATE TABLE " + NAME + " (id INT PRIMARY KEY, version BIGINT NOT NULL, note TEXT)");
        }
    }

    static void fill(Database database) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO " + NAME + " SELECT i, 1, 'first' FROM generate_series(0, " + (2 * PAIRS - 1)
                    + ") AS i");
        }
    }
}
