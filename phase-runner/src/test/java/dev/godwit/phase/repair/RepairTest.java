package dev.godwit.phase.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.phase.TestServer;
import dev.godwit.verify.VerifyCommand;
import dev.godwit.verify.VerifyRepairCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RepairTest {
    private static final String TABLES = "CREATE TABLE people (id INT PRIMARY KEY, email TEXT UNIQUE, region TEXT,"
            + " boss INT REFERENCES people, notes JSONB, pay NUMERIC, twice NUMERIC GENERATED ALWAYS AS (pay * 2) STORED);"
            + " CREATE TABLE payments (region TEXT, id INT, person INT NOT NULL REFERENCES people, amount NUMERIC(12,2),"
            + " paid TIMESTAMPTZ, raw BYTEA, PRIMARY KEY (region, id));"
            + " INSERT INTO people SELECT i, 'p' || i || '@x', CASE WHEN i % 2 = 0 THEN 'eu' ELSE 'us' END, NULL, '{\"a\": 1}', i"
            + " FROM generate_series(1, 50) i;"
            + " INSERT INTO payments SELECT 'eu', i, i, i, '2026-01-01', '\\x00ff' FROM generate_series(1, 50) i";

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private DatabaseUrl source;
    private DatabaseUrl target;

    @BeforeEach
    void createDatabases() throws SQLException {
        source = TestServer.newDatabase();
        target = TestServer.newDatabase();
        TestServer.execute(source, TABLES);
        TestServer.execute(target, TABLES);
    }

    private void plantOnTarget() throws SQLException {
        TestServer.execute(
                target,
                "INSERT INTO people VALUES (90, 'z@x', 'eu', NULL, NULL, NULL);"
                        + " INSERT INTO payments VALUES ('eu', 90, 90, 1, NULL, NULL);"
                        + " UPDATE people SET notes = '{\"a\": 2}', pay = 0 WHERE id = 5; DELETE FROM payments WHERE id = 11");
    }

    @Test
    void aDryRunShowsAndWritesNothing() throws SQLException {
        source(
                "UPDATE people SET email = 'moved' WHERE id = 2; UPDATE people SET email = 'p2@x' WHERE id = 7; UPDATE people SET email = 'p7@x' WHERE id = 2");
        plantOnTarget();
        List<String> before = rows(target);
        assertThat(repair()).isEqualTo(1);
        assertThat(out.toString())
                .contains("public.people: 3 rows would be written, 1 deleted")
                .contains("write  {id=2} for email")
                .contains("delete {id=90}")
                .contains("public.payments: 1 rows would be written, 1 deleted")
                .contains("dry run");
        assertThat(rows(target)).isEqualTo(before);
        assertThat(query(target, "SELECT count(*) FROM information_schema.schemata WHERE schema_name = '_godwit'"))
                .containsExactly("0");
    }

    @Test
    void repairsEveryKindOfDifferenceInTheOrderOfForeignKeys() throws SQLException {
        source(
                "UPDATE people SET email = 'moved' WHERE id = 2; UPDATE people SET email = 'p2@x' WHERE id = 7; UPDATE people SET email = 'p7@x' WHERE id = 2;"
                        + " INSERT INTO people VALUES (60, 'b@x', 'eu', NULL, NULL, 1.50), (61, 'c@x', 'eu', 60, NULL, NULL);"
                        + " INSERT INTO payments VALUES ('eu', 61, 61, 1, NULL, '\\x01')");
        plantOnTarget();
        assertThat(repair("--execute")).isZero();
        assertThat(out.toString()).contains("9 rows written").contains("has been read again and is equal");
        assertThat(rows(target)).isEqualTo(rows(source));
        assertThat(repair("--execute")).isZero();
        assertThat(out.toString()).contains("Nothing to repair");
    }

    @Test
    void theLedgerKnowsTheTransactionForGodwitsOwn() throws SQLException {
        plantOnTarget();
        TestServer.execute(target, "CREATE TABLE seen (what TEXT, transaction TEXT)");
        try (Connection connection = TestServer.connect(target).open()) {
            dev.godwit.database.ledger.LedgerSchema.create(connection);
        }
        TestServer.execute(
                target,
                "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES (TG_TABLE_NAME,"
                        + " pg_current_xact_id()::text); RETURN NULL; END $$",
                "CREATE TRIGGER see AFTER INSERT ON _godwit.applied FOR EACH ROW EXECUTE FUNCTION see()",
                "CREATE TRIGGER see AFTER INSERT OR UPDATE OR DELETE ON people FOR EACH ROW EXECUTE FUNCTION see()");
        assertThat(repair("--execute", "--repair-domain", "shop-eu-repair", "--table-filter", "people|payments"))
                .isZero();
        assertThat(query(target, "SELECT count(DISTINCT transaction) || ' ' || count(DISTINCT what) FROM seen"))
                .containsExactly("1 2");
        assertThat(query(target, "SELECT domain || ' ' || (consistent_point IS NOT NULL) FROM _godwit.domain"))
                .containsExactly("shop-eu-repair true");
        assertThat(query(target, "SELECT count(*)::text FROM _godwit.applied")).containsExactly("0");
    }

    @Test
    void repairsTheRowsOfADifferencesFileAndNoOthers() throws SQLException, IOException {
        plantOnTarget();
        Path file = directory.resolve("differences");
        assertThat(run(
                        new VerifyCommand(),
                        "--differences-file",
                        file.toString(),
                        "--row-filter",
                        "public.people=region = 'eu'"))
                .isEqualTo(1);
        // Found later, so it is not in the file; and one in the file has become equal meanwhile.
        TestServer.execute(target, "UPDATE people SET pay = 99 WHERE id = 8", "DELETE FROM payments WHERE id = 90");
        assertThat(repair(
                        "--execute",
                        "--differences-file",
                        file.toString(),
                        "--row-filter",
                        "public.people=region = 'eu'"))
                .isZero();
        assertThat(query(target, "SELECT id || ' ' || pay FROM people WHERE id IN (5, 8, 90) ORDER BY id"))
                .containsExactly("5 0", "8 99");
        assertThat(query(target, "SELECT amount::text FROM payments WHERE id = 11"))
                .containsExactly("11.00");
        Files.writeString(file, Files.readString(file).lines().findFirst().orElseThrow() + "\n");
        refused("is not complete", "--differences-file", file.toString());
        Files.writeString(file, "nonsense\n");
        refused("line 1 is no JSON", "--differences-file", file.toString());
        refused(
                "cannot read",
                "--differences-file",
                directory.resolve("nowhere").toString());
        refused("does not end in -repair", "--repair-domain", "shop-eu-forward");
    }

    @Test
    void aTypeThatCanBeComparedButNotWrittenIsRefused() throws SQLException {
        String table = "CREATE TABLE places (id int PRIMARY KEY, at point); INSERT INTO places VALUES (1, '(1,2)')";
        source(table);
        TestServer.execute(target, table + "; UPDATE places SET at = '(1,3)'");
        refused("type point of column \"at\"", "--table-filter", "places", "--execute");
    }

    @Test
    void whatTheTargetRefusesIsToldAndNothingIsWritten() throws SQLException {
        plantOnTarget();
        TestServer.execute(target, "ALTER TABLE payments ADD CONSTRAINT small CHECK (amount <> 11) NOT VALID");
        List<String> before = rows(target);
        assertThatThrownBy(() -> repair("--execute"))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.remedy()).isNotBlank())
                .hasMessageContaining("was not written")
                .hasMessageContaining("small");
        assertThat(rows(target)).isEqualTo(before);
    }

    private void refused(String message, String... arguments) {
        assertThatThrownBy(() -> repair(arguments))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(message);
    }

    private void source(String sql) throws SQLException {
        TestServer.execute(source, sql);
    }

    private int repair(String... arguments) {
        return run(new VerifyRepairCommand(LedgerRepairWriter::open), arguments);
    }

    private int run(java.util.concurrent.Callable<Integer> command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--source", source.withPassword(), "--target", target.withPassword(), "--schema-filter", "public"));
        all.addAll(List.of(arguments));
        if (!all.contains("--table-filter")) {
            all.addAll(List.of("--table-filter", "people|payments"));
        }
        CommandLine commandLine = new CommandLine(command).setOut(new PrintWriter(out));
        commandLine.parseArgs(all.toArray(String[]::new));
        try {
            return command.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> rows(DatabaseUrl url) throws SQLException {
        List<String> rows = query(url, "SELECT p::text FROM people p ORDER BY id");
        rows.addAll(query(url, "SELECT p::text FROM payments p ORDER BY region, id"));
        return rows;
    }

    private static List<String> query(DatabaseUrl url, String sql) throws SQLException {
        Database database = TestServer.connect(url);
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        }
    }
}
