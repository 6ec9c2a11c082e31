package dev.godwit.fetch;

import dev.godwit.database.catalog.TableName;
import java.sql.SQLException;
import java.util.List;

/** The product that a contract of loads runs on as the source, and what has to be said in its own words. */
public interface LoadEnvironment {

    /** A source of this product with an empty target. Skips the test where the product cannot run. */
    TestDatabases create();

    /** The type of bytes. */
    String bytes();

    /** An expression that makes bytes of hexadecimal digits. */
    String unhex(String digits);

    /** Counts anew what the planner knows. */
    void analyze(TestDatabases databases, String... tables) throws SQLException;

    /** The sessions of the source that keep a snapshot for a continuation. */
    List<String> keepers(TestDatabases databases) throws SQLException;

    /** Ends sessions of the source that read rows, but never all that see the snapshot. */
    void cutOffReaders(TestDatabases databases) throws SQLException;

    /** Whether one of them is sending rows as long as there are any. */
    boolean readersAreBusy();

    /** How many things a load leaves on the source for replication. */
    int captures();

    /** The beginning of an {@code INSERT ... SELECT ... FROM n} of so many rows, numbered by i from 1. */
    default String rows(int count) {
        return " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + count + ") SELECT ";
    }

    /** Options that every load has. */
    default List<String> always() {
        return List.of();
    }

    static TableName table(String name) {
        return new TableName("public", name);
    }
}
