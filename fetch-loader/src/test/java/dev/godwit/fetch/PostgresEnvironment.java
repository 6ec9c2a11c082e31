package dev.godwit.fetch;

import java.sql.SQLException;
import java.util.List;

public final class PostgresEnvironment implements LoadEnvironment {
    @Override
    public TestDatabases create() {
        return TestDatabases.create();
    }

    @Override
    public String bytes() {
        return "bytea";
    }

    @Override
    public String unhex(String digits) {
        return "decode(" + digits + ", 'hex')";
    }

    @Override
    public void analyze(TestDatabases databases, String... tables) throws SQLException {
        databases.onSource("ANALYZE");
    }

    @Override
    public List<String> keepers(TestDatabases databases) throws SQLException {
        return TestDatabases.rows(
                databases.source,
                "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'godwit-fetch-hold%' AND datname ="
                        + " current_database()");
    }

    @Override
    public void cutOffReaders(TestDatabases databases) throws SQLException {
        databases.onSource("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND query LIKE 'COPY %' AND pid <> pg_backend_pid()");
    }

    @Override
    public boolean readersAreBusy() {
        return true;
    }

    @Override
    public int captures() {
        return 2; // slot and publication
    }
}
