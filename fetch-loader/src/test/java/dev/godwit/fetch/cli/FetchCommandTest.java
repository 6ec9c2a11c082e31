package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.database.RefusedException;
import dev.godwit.fetch.TestDatabases;
import dev.godwit.local.PostgresServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FetchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private RefusedException refused;

    private int run(Map<String, String> environment, String... arguments) {
        return new CommandLine(new FetchCommand(environment, Confirmation.nobody()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, command, result) -> {
                    refused = (RefusedException) failure;
                    return 2;
                })
                .execute(arguments);
    }

    private int run(TestDatabases databases, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--pglogical-replication-slot-name=" + databases.slot);
        return run(
                Map.of(
                        "GODWIT_SOURCE", databases.source.url().withPassword(),
                        "GODWIT_TARGET", databases.target.url().withPassword()),
                all.toArray(String[]::new));
    }

    private static TestDatabases shop() throws SQLException {
        TestDatabases databases = TestDatabases.with(
                "CREATE SCHEMA shop",
                "CREATE TABLE shop.orders (id int PRIMARY KEY, region text)",
                "CREATE TABLE shop.payments (id int PRIMARY KEY, orders int REFERENCES shop.orders, region text)",
                "CREATE TABLE public.other (id int PRIMARY KEY)");
        databases.onSource(
                "CREATE INDEX ON shop.orders (region)",
                "CREATE INDEX ON shop.payments (region)",
                "INSERT INTO shop.orders SELECT i, CASE WHEN i % 2 = 0 THEN 'eu' ELSE 'us' END FROM generate_series(1, 2000) i",
                "INSERT INTO shop.payments SELECT i, i, region FROM shop.orders o(i, region)");
        return databases;
    }

    @Test
    void loadsTheSelectedSliceAndEndsWithTheCursor() throws SQLException {
        TestDatabases databases = shop();

        int code = run(
                databases,
                "--schema-filter=shop",
                "--row-filter=shop.orders=region = 'eu'",
                "--row-filter",
                "shop.payments = region IN ('eu')",
                "--pglogical-publication-name=shop publication",
                "--table-concurrency=2");

        assertThat(code).isZero();
        String cursor = one(
                databases.source,
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + databases.slot + "'");
        assertThat(out.toString().lines().toList()).hasSize(4).satisfies(lines -> {
            assertThat(lines.get(0))
                    .startsWith("loading 2 tables from the snapshot at " + cursor + " (slot " + databases.slot
                            + ", publication shop publication), fetch id ");
            assertThat(lines.get(1)).matches(" {2}shop\\.orders {12,}1,000 rows .* rows/s");
            assertThat(lines.get(2)).matches(" {2}shop\\.payments {10,}1,000 rows .* rows/s");
            assertThat(lines.get(3)).matches("loaded 2,000 rows, .* in .* s; cdc_cursor " + cursor);
        });
        assertThat(err.toString()).isEmpty();
        assertThat(rows(databases.target, "SELECT DISTINCT region FROM shop.payments"))
                .containsExactly("eu");
        assertThat(rows(databases.source, "SELECT pubname FROM pg_publication")).containsExactly("shop publication");
    }

    @Test
    void writesJsonLinesOnRequest() throws Exception {
        TestDatabases databases = shop();
        databases.onTarget("INSERT INTO shop.orders VALUES (77, 'old')");

        assertThat(run(databases, "--schema-filter=shop", "--table-handling=truncate-if-exists", "--json"))
                .isZero();

        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines)
                .extracting(line -> line.get("message").asText())
                .startsWith("starting fetch")
                .endsWith("fetch complete");
        JsonNode last = lines.get(lines.size() - 1);
        assertThat(last.get("num_rows").asLong()).isEqualTo(4000);
        assertThat(last.get("cdc_cursor").asText()).matches("[0-9A-F]+/[0-9A-F]+");
        assertThat(one(databases.target, "SELECT count(*) FROM shop.orders")).isEqualTo("2000");
    }

    @Test
    void failureIsTwoLinesAndExitCodeOne() throws SQLException {
        TestDatabases databases = shop();
        databases.onTarget("ALTER TABLE shop.payments ADD CHECK (id < 100)");
        assertThat(run(databases, "--schema-filter=shop", "--keep-snapshot=0")).isEqualTo(1);
        assertThat(err.toString().lines().toList()).hasSize(2).satisfies(lines -> {
            assertThat(lines.get(0)).startsWith("error: table shop.payments: writing to the target failed: ");
            assertThat(lines.get(1)).startsWith("remedy: ").contains("shop.orders (complete)");
        });
        assertThat(databases.captures()).isEmpty();
    }

    @Test
    void aTableThatOnlyTheTargetHasIsToldAndLeftAlone() throws SQLException {
        TestDatabases databases = shop();
        databases.onTarget("CREATE TABLE shop.only_here (id int PRIMARY KEY)", "INSERT INTO shop.only_here VALUES (1)");
        assertThat(run(databases, "--schema-filter=shop", "--table-handling=truncate-if-exists"))
                .isZero();
        assertThat(out.toString()).contains("warning: table shop.only_here: on the target only");
        assertThat(one(databases.target, "SELECT count(*) FROM shop.only_here")).isEqualTo("1");
    }

    @Test
    void badInputIsRefusedWithoutATrace() throws SQLException {
        TestDatabases databases = shop();
        refuses(databases, "names column \"country\"", "--row-filter=shop.orders=country = 'eu'");
        refuses(databases, "no table of either side is selected", "--table-filter=order");
        refuses(databases, "which is not among the selected tables", "--row-filter=shop.order=id = 1");
        refuses(databases, "names no table", "--row-filter=shop.orders");
        refuses(databases, "given twice", "--row-filter=shop.orders=id = 1", "--row-filter=shop.orders=id = 2");
        refuses(databases, "matches no row of the source", "--row-filter=shop.orders=region = 'EU'");
        refuses(databases, "is no regular expression", "--schema-filter=(");
        refuses(databases, "--table-concurrency is 0", "--table-concurrency=0");
        refuses(
                databases,
                "refuses user \"postgres\"",
                "--source=" + databases.source.url().withPassword().replace("local-", "x"));
        refuses(databases, "cannot reach the target", "--target=postgresql://u:secret-word@127.0.0.1:1/shop");
        databases.onTarget("CREATE TABLE shop.only_here (id int PRIMARY KEY)");
        refuses(databases, "none of the selected tables is there on the source", "--table-filter=only_here");
        refuses(databases, "no tables are made", "--type-map-file=types.json");
        refuses(
                databases,
                "--ignore-replication-check takes no slot",
                "--ignore-replication-check",
                "--pglogical-publication-and-slot-drop-and-recreate");
        assertThat(run(databases, "--table-handling=replace")).isEqualTo(2);
        assertThat(err.toString()).contains("use none, truncate-if-exists or drop-on-target-and-recreate");
        assertThat(databases.traces()).isEmpty();
        assertThat(run(Map.of("GODWIT_SOURCE", "postgresql://u@h/d"))).isEqualTo(2);
        assertThat(refused)
                .hasMessage("no target is given")
                .extracting(RefusedException::remedy)
                .asString()
                .contains("GODWIT_TARGET");
    }

    private void refuses(TestDatabases databases, String message, String... arguments) throws SQLException {
        refused = null;
        assertThat(run(databases, arguments)).isEqualTo(2);
        assertThat(refused).as(message).isNotNull();
        assertThat(refused).hasMessageContaining(message);
        assertThat(refused.remedy()).isNotBlank();
        assertThat(refused.toString() + out + err)
                .doesNotContain(PostgresServer.PASSWORD)
                .doesNotContain("secret-word");
        assertThat(databases.traces()).isEmpty();
    }

    @Test
    void helpTellsEveryOptionAndDefaultButNoPassword() {
        assertThat(run(Map.of("GODWIT_SOURCE", "postgresql://u:secret-word@h/d"), "--help"))
                .isZero();
        assertThat(out.toString())
                .contains("--table-handling=HANDLING")
                .contains("--transformations-file=FILE")
                .contains("Replication after the load:")
                .contains("Default: godwit_fetch")
                .contains("Default: 4")
                .contains("Exit codes:")
                .doesNotContain("secret-word")
                .doesNotContain("DEFAULT-VALUE")
                .doesNotContain("null");
    }
}
