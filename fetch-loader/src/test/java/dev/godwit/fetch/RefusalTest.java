package dev.godwit.fetch;

import static dev.godwit.fetch.TestDatabases.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.local.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every refusal names the fact and the remedy, and comes before the first write. */
class RefusalTest {
    private static final String TABLE = "CREATE TABLE t (id int PRIMARY KEY, region text)";

    private static RefusedException refusal(TestDatabases databases, FetchRequest request) throws SQLException {
        List<String> before = databases.traces();
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> FetchJob.run(request, new FetchListener() {}));
        assertThat(refused).isNotNull();
        assertThat(databases.traces()).isEqualTo(before);
        RefusedException again = catchThrowableOfType(RefusedException.class, () -> FetchJob.preflight(request));
        assertThat(withoutSizes(again)).isEqualTo(withoutSizes(refused));
        assertThat(refused.toString()).doesNotContain(PostgresServer.PASSWORD);
        return refused;
    }

    /** The log of the server grows by itself. */
    private static String withoutSizes(RefusedException refused) {
        return refused.getMessage().replaceAll("keeps [0-9]+ \\w+ of WAL", "keeps WAL");
    }

    private static RefusedException refusal(TestDatabases databases, TableSlice... slices) throws SQLException {
        return refusal(databases, databases.request(slices).build());
    }

    @Test
    void refusesAServerWithoutLogicalReplication() throws SQLException {
        try (PostgresServer server = PostgresServer.start(
                "replica", Map.of("wal_level", "replica", "max_replication_slots", "0", "max_wal_senders", "0"))) {
            Database source = Database.connect("source", server.createDatabase("source"));
            Database target = Database.connect("target", server.createDatabase("target"));
            TestDatabases.execute(source, TABLE);
            TestDatabases.execute(target, TABLE);
            FetchRequest request = FetchRequest.builder(source, target)
                    .slices(List.of(all("public.t")))
                    .build();
            RefusedException refused =
                    catchThrowableOfType(RefusedException.class, () -> FetchJob.run(request, new FetchListener() {}));
            assertThat(refused)
                    .hasMessageContaining("3 problems")
                    .hasMessageContaining("wal_level of the source is replica")
                    .hasMessageContaining("ALTER SYSTEM SET wal_level = logical;")
                    .hasMessageContaining("no free replication slot: 0 of 0")
                    .hasMessageContaining("no free WAL sender");
            assertThat(refused.remedy()).contains("nothing was written");
            for (Database database : List.of(source, target)) {
                assertThat(TestDatabases.rows(database, "SELECT 1 FROM pg_namespace WHERE nspname = '_godwit'"))
                        .isEmpty();
            }
        }
    }

    @Test
    void refusesAUserWithoutPrivilegesAndNamesEachGrant() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        String user = "app_" + databases.slot;
        databases.onSource("CREATE ROLE " + user + " LOGIN PASSWORD 'secret-of-app'");
        DatabaseUrl admin = databases.source.url();
        Database source = Database.connect("source", as(admin, user));
        Database target = Database.connect("target", as(databases.target.url(), user));

        RefusedException refused = refusal(
                databases,
                FetchRequest.builder(source, target)
                        .slices(List.of(all("public.t")))
                        .slotName(databases.slot)
                        .build());

        assertThat(refused)
                .hasMessageContaining("lacks the REPLICATION privilege")
                .hasMessageContaining("ALTER ROLE \"" + user + "\" REPLICATION;")
                .hasMessageContaining("may not create a publication")
                .hasMessageContaining(
                        "GRANT CREATE ON DATABASE \"" + source.url().database() + "\"")
                .hasMessageContaining("may not create the schema _godwit")
                .hasMessageContaining("may not read table public.t")
                .hasMessageContaining("does not own table public.t")
                .hasMessageContaining("lacks the SELECT privilege for table public.t");
        assertThat(refused.toString()).doesNotContain("secret-of-app");
    }

    private static DatabaseUrl as(DatabaseUrl url, String user) {
        return DatabaseUrl.parse(
                "test",
                "postgresql://" + user + ":secret-of-app@" + url.host() + ":" + url.port() + "/" + url.database());
    }

    @Test
    void refusesRowsHiddenByRowLevelSecurityInsteadOfLeavingThemOut() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        String user = "rls_" + databases.slot;
        databases.onSource(
                "CREATE ROLE " + user + " LOGIN REPLICATION PASSWORD 'secret-of-app'",
                "GRANT CREATE ON DATABASE " + databases.source.url().database() + " TO " + user,
                "INSERT INTO t VALUES (1, 'eu'), (2, 'us')",
                "ALTER TABLE t OWNER TO " + user,
                "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE t FORCE ROW LEVEL SECURITY",
                "CREATE POLICY own ON t USING (id = 1)");
        Database source = Database.connect("source", as(databases.source.url(), user));

        RefusedException refused = refusal(
                databases,
                FetchRequest.builder(source, databases.target)
                        .slices(List.of(databases.slice("public.t", "region = 'eu'")))
                        .build());

        assertThat(refused).hasMessageContaining("row-level security policy for table \"t\"");
    }

    @Test
    void refusesSlotAndPublicationThatAreThereUntilTheyAreDropped() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        databases.onSource(
                "INSERT INTO t VALUES (1, 'eu')",
                "SELECT pg_create_logical_replication_slot('" + databases.slot + "', 'pgoutput')",
                "CREATE PUBLICATION " + databases.slot);

        RefusedException refused = refusal(databases, all("public.t"));

        assertThat(refused)
                .hasMessageContaining("replication slot \"" + databases.slot + "\" is already there (in use by nobody")
                .hasMessageContaining("SELECT pg_drop_replication_slot('" + databases.slot + "');")
                .hasMessageContaining("publication \"" + databases.slot + "\" is already there")
                .hasMessageContaining("DROP PUBLICATION \"" + databases.slot + "\";");

        FetchJob.dropLeftovers(databases.source, databases.slot, databases.slot);
        FetchJob.dropLeftovers(databases.source, databases.slot, databases.slot);
        assertThat(databases.load(all("public.t")).rowsTotal()).isEqualTo(1);
    }

    @Test
    void refusesNamesThatTheServerWouldNotTakeAsTheyAre() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        RefusedException refused = refusal(
                databases,
                databases
                        .request(all("public.t"))
                        .slotName("Shop-eu")
                        .publicationName("p".repeat(64))
                        .build());
        assertThat(refused)
                .hasMessageContaining("\"Shop-eu\" is no name for a replication slot")
                .hasMessageContaining("is no name for a publication");
    }

    @Test
    void refusesASelectionOfNothing() throws SQLException {
        assertThat(refusal(TestDatabases.with(TABLE))).hasMessage("no table is selected");
    }

    @Test
    void refusesTheSameDatabaseOnBothSides() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        DatabaseUrl url = databases.source.url();
        Database again = Database.connect(
                "target", DatabaseUrl.parse("test", url.withPassword().replace("127.0.0.1", "localhost")));
        assertThat(refusal(
                        databases,
                        FetchRequest.builder(databases.source, again)
                                .slices(List.of(all("public.t")))
                                .build()))
                .hasMessageContaining("source and target are the same database");
    }

    @Test
    void refusesTablesThatDoNotFitEachOtherAllAtOnce() throws SQLException {
        TestDatabases databases = TestDatabases.with("CREATE TABLE no_key (id int)");
        databases.onSource(
                "CREATE TABLE only_source (id int PRIMARY KEY)",
                "CREATE TABLE differs (id int PRIMARY KEY, amount numeric(12,4), extra text, place point, name text)");
        databases.onTarget(
                "CREATE TABLE only_target (id int PRIMARY KEY)",
                "CREATE TABLE differs (id int PRIMARY KEY, amount numeric(12,2), place point, name varchar(10))");

        RefusedException refused = refusal(
                databases,
                all("public.no_key"),
                all("public.only_source"),
                all("public.only_target"),
                all("public.differs"));

        assertThat(refused)
                .hasMessageContaining("table public.no_key has no primary key")
                .hasMessageContaining("table public.only_source: missing on the target")
                .hasMessageContaining("table public.only_target is missing on the source")
                .hasMessageContaining(
                        "column public.differs.amount: type is numeric(12,4) on the source and numeric(12,2)")
                .hasMessageContaining("column public.differs.extra: missing on the target")
                .hasMessageContaining("column public.differs.place: type point is not carried")
                .hasMessageContaining(
                        "column public.differs.name: type is text on the source and character varying(10)");
    }

    @Test
    void refusesTablesWhosePublicationWouldBreakOrLoseTheSourcesOwnWrites() throws SQLException {
        TestDatabases databases = TestDatabases.with(
                "CREATE TABLE nothing (id int PRIMARY KEY)",
                "CREATE TABLE deferred (id int PRIMARY KEY DEFERRABLE)",
                "CREATE UNLOGGED TABLE volatile (id int PRIMARY KEY)",
                "CREATE TABLE base (id int PRIMARY KEY)");
        databases.onSource("ALTER TABLE nothing REPLICA IDENTITY NOTHING", "CREATE TABLE derived () INHERITS (base)");

        RefusedException refused = refusal(
                databases, all("public.nothing"), all("public.deferred"), all("public.volatile"), all("public.base"));

        assertThat(refused)
                .hasMessageContaining("public.nothing of the source has a replica identity other than its primary key")
                .hasMessageContaining("the primary key of table public.deferred is deferrable")
                .hasMessageContaining("table public.volatile of the source is unlogged")
                .hasMessageContaining("other tables inherit from table public.base");
    }

    @Test
    void refusesRowsOfTheSliceThatAreOnTheTargetAlready() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        databases.onSource("INSERT INTO t VALUES (1, 'eu')");
        databases.onTarget("INSERT INTO t VALUES (1, 'us'), (3, NULL)");
        TableSlice slice = databases.slice("public.t", "region = 'eu'");

        assertThat(refusal(databases, all("public.t")))
                .hasMessageContaining("the target already holds rows of public.t")
                .extracting(RefusedException::remedy)
                .asString()
                .contains("truncate-if-exists");
        FetchJob.preflight(databases.request(slice).build());

        databases.onTarget("INSERT INTO t VALUES (4, 'eu')");
        assertThat(refusal(databases, slice))
                .hasMessageContaining("the target already holds rows of public.t where region = 'eu'")
                .extracting(RefusedException::remedy)
                .asString()
                .contains("DELETE FROM \"public\".\"t\" WHERE (\"region\" = 'eu');");
    }

    @Test
    void refusesToTruncateWhatDoesNotBelongToTheLoad() throws SQLException {
        TestDatabases databases =
                TestDatabases.with(TABLE, "CREATE TABLE outside (id int PRIMARY KEY, t int REFERENCES t)");
        databases.onSource("INSERT INTO t VALUES (1, 'eu')");
        databases.onTarget("INSERT INTO t VALUES (2, 'eu'), (3, NULL)");

        RefusedException refused = refusal(
                databases,
                databases
                        .request(databases.slice("public.t", "region = 'eu'"))
                        .tableHandling(TableHandling.TRUNCATE_IF_EXISTS)
                        .build());

        assertThat(refused)
                .hasMessageContaining(
                        "truncating public.t on the target would lose rows that do not belong to this load")
                .hasMessageContaining("foreign key \"outside_t_fkey\" of table public.outside, which is not selected");
        assertThat(TestDatabases.one(databases.target, "SELECT count(*) FROM t"))
                .isEqualTo("2");
    }

    @Test
    void refusesAFilterThatMatchesNothing() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        databases.onSource("INSERT INTO t VALUES (1, 'EU')");
        assertThat(refusal(databases, databases.slice("public.t", "region = 'eu'")))
                .hasMessageContaining("the filter of public.t matches no row of the source: region = 'eu'");
    }

    @Test
    void refusesACircleOfForeignKeys() throws SQLException {
        TestDatabases databases = TestDatabases.with(
                "CREATE TABLE egg (id int PRIMARY KEY, hen int)",
                "CREATE TABLE hen (id int PRIMARY KEY, egg int REFERENCES egg)",
                "ALTER TABLE egg ADD FOREIGN KEY (hen) REFERENCES hen");
        assertThat(refusal(databases, all("public.egg"), all("public.hen")))
                .hasMessageContaining("lead in a circle")
                .hasMessageContaining("public.egg, public.hen");
    }

    @Test
    void refusesATargetThatIsReadOnly() throws SQLException {
        TestDatabases databases = TestDatabases.with(TABLE);
        String name = databases.target.url().database();
        TestDatabases.execute(databases.source, "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
        assertThat(refusal(databases, all("public.t"))).hasMessageContaining("the target is read-only");
    }
}
