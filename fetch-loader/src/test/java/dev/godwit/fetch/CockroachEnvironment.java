package dev.godwit.fetch;

import java.sql.SQLException;
import java.util.List;

/** From PostgreSQL into CockroachDB, for tests with {@link CockroachFound}. Files go in by COPY; IMPORT INTO has contracts of its own. */
public final class CockroachEnvironment implements LoadEnvironment {
    private final PostgresEnvironment source = new PostgresEnvironment();

    @Override
    public TestDatabases create() {
        TestDatabases postgres = source.create();
        return postgres.into(CockroachCluster.shared(postgres).asGodwitSeesIt());
    }

    @Override
    public List<String> always() {
        return List.of("--use-copy");
    }

    @Override
    public String bytes() {
        return source.bytes();
    }

    @Override
    public String unhex(String digits) {
        return source.unhex(digits);
    }

    @Override
    public void analyze(TestDatabases databases, String... tables) throws SQLException {
        source.analyze(databases, tables);
    }

    @Override
    public List<String> keepers(TestDatabases databases) throws SQLException {
        return source.keepers(databases);
    }

    @Override
    public void cutOffReaders(TestDatabases databases) throws SQLException {
        source.cutOffReaders(databases);
    }

    @Override
    public boolean readersAreBusy() {
        return source.readersAreBusy();
    }

    @Override
    public int captures() {
        return source.captures();
    }
}
