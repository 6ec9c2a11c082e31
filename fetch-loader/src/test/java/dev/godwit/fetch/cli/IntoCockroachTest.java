package dev.godwit.fetch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.catalog.Table;
import dev.godwit.database.type.TypeKind;
import dev.godwit.fetch.CockroachCluster;
import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.TestDatabases;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** On the stand-in, a PostgreSQL whose jobs somebody else does; with what can be brought about nowhere else. */
class IntoCockroachTest extends ImportIntoContract {
    @Override
    CockroachCluster cluster(TestDatabases postgres) {
        return CockroachCluster.standIn(postgres.target);
    }

    @Test
    void aChangefeedOfTheWholeDatabaseWatchesEveryTableThoughItNamesNone() throws SQLException {
        String database = databases.target.url().database();
        databases.onTarget(
                "INSERT INTO stand_in.feeds VALUES (9, 'running', ARRAY[]::text[], 'another'), (10, 'running',"
                        + " NULL, '" + database + "'), (8, 'canceled', ARRAY['" + database + ".public.empty'], NULL)");
        assertThat(run()).isEqualTo(2);
        assertThat(command.refused)
                .hasMessageContaining("changefeed 10 of the target watches the whole database " + database)
                .hasMessageNotContaining("changefeed 9")
                .hasMessageNotContaining("changefeed 8");
    }

    @Test
    void whoMayNotListChangefeedsIsToldWhy() throws SQLException {
        databases.onTarget(
                "ALTER TABLE stand_in.feeds RENAME TO all_feeds",
                "CREATE FUNCTION stand_in.refuse() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'user does"
                        + " not have SELECT privilege on relation jobs' USING ERRCODE = '42501'; END $$",
                "CREATE VIEW stand_in.feeds AS SELECT stand_in.refuse() AS job_id, 'running' AS status");
        assertThat(run()).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("may not list the changefeeds of the target");
        assertThat(command.refused.remedy()).contains("--use-copy");
    }

    @Test
    void collatedStringsAreCarriedOutsideOfKeys() throws SQLException {
        databases.onTarget(
                "CREATE TABLE collated (id text COLLATE \"C\" PRIMARY KEY, a text COLLATE \"C\", b text COLLATE \"C\" UNIQUE, c text)");
        Table table = databases
                .target
                .catalog()
                .table(LoadEnvironment.table("collated"))
                .orElseThrow();
        assertThat(table.requireColumn("id").type().isSupported()).isFalse();
        assertThat(table.requireColumn("a").type().kind()).isEqualTo(TypeKind.TEXT);
        assertThat(table.requireColumn("a").type().castName()).isEqualTo("string COLLATE \"C\"");
        assertThat(table.requireColumn("c").type().castName()).isEqualTo("string");
        assertThat(table.uniqueKeys()).singleElement().satisfies(key -> assertThat(key.columns())
                .isEmpty());
    }

    @Test
    void rowsThatTheImportDidNotBringAreMissed() throws SQLException {
        databases.onTarget(
                "CREATE FUNCTION drop_some() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RETURN CASE WHEN NEW.id <> 77 THEN NEW END; END $$",
                "CREATE TRIGGER drops BEFORE INSERT ON \"T\" FOR EACH ROW EXECUTE FUNCTION drop_some()");
        assertThat(run()).isEqualTo(1);
        assertThat(command.err.toString())
                .contains("table public.T of the target holds 9999 rows after the import, but the files hold 10000");
    }

    @Test
    void anAddressWhereTheClusterFindsNoFilesIsNamedByTheJob() {
        assertThat(run("--local-path-crdb-access-addr=127.0.0.1:1")).isEqualTo(1);
        assertThat(command.err.toString())
                .contains("table public.T: IMPORT INTO public.T (3 files) failed (job ")
                .contains("Connection refused")
                .contains("the table holds nothing of it");
    }
}
