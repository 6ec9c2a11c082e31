package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@ExtendWith(TwoDatabases.class)
class VerifyCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void createTables() {
        TwoDatabases.both("CREATE TABLE s.employees (id INT PRIMARY KEY, region TEXT, v TEXT);"
                + " INSERT INTO s.employees SELECT i, CASE WHEN i <= 10 THEN 'eu' ELSE 'us' END, 'v' FROM generate_series(1, 30) i;"
                + " CREATE TABLE s.payments (id INT PRIMARY KEY)");
    }

    @Test
    void exitsWithZeroWhereBothSidesAreEqual() {
        assertThat(verify("--schema-filter", "s")).isZero();
        assertThat(out.toString())
                .contains("num_truth_rows  num_success  num_missing  num_mismatch  num_extraneous  num_column_mismatch")
                .containsPattern("s\\.employees +30 +30 +0 +0 +0 +0\\R")
                .containsPattern("total +30 +30 +0 +0 +0 +0\\R")
                .contains("Equal: 30 rows in 2 tables");
    }

    @Test
    void exitsWithOneAndListsKeysAndColumnsButNoValues() {
        plantDifferences();
        assertThat(verify("--schema-filter", "s")).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("s\\.employees +30 +28 +1 +1 +1 +0\\R")
                .contains("missing on the target  (id=7)")
                .contains("differs                (id=12) in v")
                .contains("only on the target     (id=31)")
                .doesNotContain("changed")
                .contains("Different: 3 rows, 1 of 2 tables");
    }

    @Test
    void showsValuesOnlyIfAskedToAndNoControlCharacters() {
        plantDifferences();
        assertThat(verify("--schema-filter", "s", "--show-values")).isEqualTo(1);
        assertThat(out.toString()).contains("(id=12) in v ('v' / 'changed\\u001b[31m')");
    }

    private static void plantDifferences() {
        TwoDatabases.target("DELETE FROM s.employees WHERE id = 7; INSERT INTO s.employees VALUES (31, 'us', 'v');"
                + " UPDATE s.employees SET v = E'changed\\x1b[31m' WHERE id = 12");
    }

    @Test
    void listsOnlyAsManyDifferencesAsWanted() {
        TwoDatabases.target("DELETE FROM s.employees");
        assertThat(verify("--schema-filter", "s", "--differences-listed", "2")).isEqualTo(1);
        assertThat(out.toString())
                .contains("s.employees: the first 2 of 30 differing rows")
                .contains("(id=2)")
                .doesNotContain("(id=3)");
    }

    @Test
    void comparesOnlyWhatTheFiltersSelect() {
        plantDifferences();
        assertThat(verify(
                        "--schema-filter",
                        "s",
                        "--table-filter",
                        "employees|none",
                        "--row-filter",
                        "s.employees=region = 'eu'"))
                .isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("s\\.employees +10 +9 +1 +0 +0 +0\\R")
                .doesNotContain("payments");
    }

    @Test
    void aTableOnTheTargetOnlyIsADifference() {
        TwoDatabases.target("CREATE TABLE s.extra (id INT PRIMARY KEY)");
        assertThat(verify("--schema-filter", "s")).isEqualTo(1);
        assertThat(out.toString()).contains("s.extra: missing on the source").contains("s.extra: rows not compared");
    }

    @Test
    void rowsEqualOnlyAsFarAsTheyCouldBeComparedAreNoFullSuccess() {
        TwoDatabases.target("ALTER TABLE s.employees DROP COLUMN v");
        assertThat(verify("--schema-filter", "s")).isEqualTo(1);
        assertThat(out.toString())
                .contains("num_success  num_conditional_success  num_missing")
                .containsPattern("s\\.employees +30 +0 +30 +0 +0 +0 +1\\R")
                .contains("s.employees.v: missing on the target");
    }

    @Test
    void writesJsonLinesWithTheFieldsOfMolt() throws IOException {
        plantDifferences();
        TwoDatabases.target("DROP TABLE s.payments");
        assertThat(verify("--schema-filter", "s", "--json")).isEqualTo(1);
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines).allMatch(line -> line.has("level") && line.has("time") && line.has("message"));
        assertThat(lines)
                .extracting(line -> line.path("message").asText())
                .startsWith("verification in progress", "missing table detected")
                .contains(
                        "starting verify on s.employees, shard 1/1",
                        "missing row",
                        "mismatching row value",
                        "extraneous row",
                        "finished row verification on s.employees (shard 1/1)",
                        "rows of s.payments not compared")
                .endsWith("verification complete");
        JsonNode summary = lines.stream()
                .filter(line -> line.path("message").asText().startsWith("finished row verification on s.employees"))
                .findFirst()
                .orElseThrow();
        assertThat(summary.toString())
                .startsWith(
                        "{\"level\":\"info\",\"type\":\"summary\",\"table_schema\":\"s\",\"table_name\":\"employees\","
                                + "\"num_truth_rows\":30,\"num_success\":28,\"num_conditional_success\":0,\"num_missing\":1,\"num_mismatch\":1,"
                                + "\"num_extraneous\":1,\"num_live_retry\":0,\"num_column_mismatch\":0,\"time\":\"");
        assertThat(lines.get(lines.size() - 1).path("result").asText()).isEqualTo("different");
        assertThat(out.toString())
                .contains("\"columns\":[\"v\"],\"primary_key\":[\"12\"]")
                .doesNotContain("changed");
    }

    @Test
    void jsonShowsValuesIfAskedTo() {
        plantDifferences();
        assertThat(verify("--schema-filter", "s", "--json", "--show-values")).isEqualTo(1);
        assertThat(out.toString())
                .contains("\"source_values\":{\"v\":\"v\"},\"target_values\":{\"v\":\"changed\\u001B[31m\"}");
    }

    @Test
    void writesEveryDifferingKeyIntoAFileThatOnlyItsOwnerReads() throws IOException {
        plantDifferences();
        Path file = directory.resolve("differences");
        assertThat(verify("--schema-filter", "s", "--differences-file", file.toString(), "--differences-listed", "0"))
                .isEqualTo(1);
        assertThat(Files.readAllLines(file))
                .containsExactlyInAnyOrder(
                        "{\"table_schema\":\"s\",\"table_name\":\"employees\",\"kind\":\"missing\",\"key\":{\"id\":\"7\"},\"columns\":[]}",
                        "{\"table_schema\":\"s\",\"table_name\":\"employees\",\"kind\":\"mismatch\",\"key\":{\"id\":\"12\"},\"columns\":[\"v\"]}",
                        "{\"table_schema\":\"s\",\"table_name\":\"employees\",\"kind\":\"extraneous\",\"key\":{\"id\":\"31\"},\"columns\":[]}",
                        "{\"complete\":true,\"differences\":3}")
                .endsWith("{\"complete\":true,\"differences\":3}");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        verify("--schema-filter", "s", "--differences-file", file.toString(), "--show-values");
        assertThat(Files.readString(file)).contains("\"source_values\":{\"v\":\"v\"}");
    }

    @Test
    void writesAReportWithoutPasswords() throws IOException {
        plantDifferences();
        Path file = directory.resolve("report.html");
        assertThat(verify("--schema-filter", "s", "--report", file.toString(), "--row-filter", "s.employees=id > 7"))
                .isEqualTo(1);
        String password = TwoDatabases.source().url().password();
        assertThat(Files.readString(file))
                .contains("Different: 2 rows")
                .contains("s.employees where id &gt; 7")
                .contains("Source&#39;s log at the end")
                .contains("checksums per key range")
                .contains("id=12")
                .doesNotContain("changed");
        if (!password.isEmpty()) {
            assertThat(Files.readString(file)).doesNotContain(":" + password + "@");
        }
    }

    @Test
    void takesTheDatabasesFromTheEnvironment() {
        Map<String, String> environment = Map.of(
                "GODWIT_SOURCE", TwoDatabases.source().url().withPassword(),
                "GODWIT_TARGET", TwoDatabases.target().url().withPassword());
        assertThat(run(environment, "--schema-filter", "s")).isZero();
    }

    @Test
    void badInputIsRefusedWithARemedy() {
        refused("no table on either side is selected", "--table-filter", "nothing");
        refused("no regular expression", "--table-filter", "(");
        refused("names no table", "--row-filter", "nonsense");
        refused("not among the selected tables", "--row-filter", "s.nowhere=id = 1");
        refused("names column \"colour\", which the table does not have", "--row-filter", "s.employees=colour = 'red'");
        refused("selects no row of s.employees on either side", "--row-filter", "s.employees=region = 'EU'");
        refused("given twice", "--row-filter", "s.employees=id = 1", "--row-filter", "s.employees=id = 2");
        refused("--concurrency is 0", "--concurrency", "0");
        refused("--rows-per-second is 0", "--rows-per-second", "0");
        refused("cannot be the name of a directory", "--verify-id", "../x");
        refused("cannot be written", "--report", directory.resolve("no/where").toString());
        refused("cannot be written", "--differences-file", directory.toString());
        refused("without --live", "--domain", "x");
        refused("domain is applied to the target", "--schema-filter", "s", "--live");
        refused("--row-batch-size is -1", "--row-batch-size", "-1");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void takesCommandLinesOfMoltVerify() {
        plantDifferences();
        assertThat(verify(
                        "--schema-filter",
                        "s",
                        "--concurrency",
                        "2",
                        "--concurrency-per-table",
                        "3",
                        "--row-batch-size",
                        "50000",
                        "--verify-statement-timeout",
                        "1h",
                        "--allow-tls-mode-disable",
                        "--non-interactive",
                        "--case-sensitive=false",
                        "--continuous=false",
                        "--rows=true"))
                .isEqualTo(1);
        assertThat(out.toString()).containsPattern("s\\.employees +30 +28 +1 +1 +1 +0\\R");
        refused("--concurrency-per-table is 0", "--concurrency-per-table", "0");
        refused("are more than 1000 connections", "--concurrency", "100", "--concurrency-per-table", "100");
        refused("\"1 hour\" is no duration", "--verify-statement-timeout", "1 hour");
    }

    @Test
    void triesOfMoltVerifyAreTakenWithLiveAndChangeNothing() {
        String[] tries = {
            "--compile-only",
            "--live",
            "--live-max-batch-size=1000",
            "--live-runs-per-second=10",
            "--live-flush-interval=1s",
            "--live-retries-max-iterations=3",
            "--live-retry-initial-backoff=250ms",
            "--live-retry-max-backoff=1s",
            "--live-retry-multiplier=2"
        };
        assertThat(run(Map.of(), tries)).isZero();
        assertThat(err.toString()).contains("warning", "change nothing", "consistent point");
        refused("without it", "--live-retries-max-iterations=3");
        refused("--live-max-batch-size is given without --live", "--live-max-batch-size=1000");
        refused("--live-max-batch-size is 0", "--live", "--live-max-batch-size=0");
        refused("\"soon\" is no duration", "--live", "--live-retry-max-backoff=soon");
        refused("--source-cdb names the container database of an Oracle", "--source-cdb", "oracle://x");
    }

    @Test
    void withoutRowsOnlyTheStructureIsCompared() throws IOException {
        plantDifferences();
        Path file = directory.resolve("report.html");
        assertThat(verify("--schema-filter", "s", "--rows=false", "--report", file.toString()))
                .isZero();
        assertThat(out.toString()).startsWith(System.lineSeparator() + "Equal in structure; rows were not compared");
        assertThat(Files.readString(file)).contains("rows were not compared", "structure only, no row was compared");
        TwoDatabases.target("ALTER TABLE s.employees ALTER COLUMN v TYPE INT USING 1");
        assertThat(verify("--schema-filter", "s", "--rows", "false")).isEqualTo(1);
        assertThat(out.toString()).contains("Different: 1 differences of structure; rows were not compared");
        refused("--full is given with --rows=false", "--rows=false", "--full");
        refused("--verify-id is given with --rows=false", "--rows=false", "--verify-id", "x");
    }

    @Test
    void optionsAndFilesCanBeCheckedWithoutTheDatabases() throws IOException {
        Path filters = directory.resolve("filters.json");
        Files.writeString(
                filters,
                "{\"filters\": [{\"resource_specifier\": {\"schema\": \"s\", \"table\": \"t\"}, \"expr\": \"id = 1\"}]}");
        assertThat(run(Map.of(), "--compile-only", "--filter-path", filters.toString()))
                .isZero();
        Files.writeString(filters, "{\"filters\": [{\"table\": \"t\"}]}");
        assertThatThrownBy(() -> run(Map.of(), "--compile-only", "--filter-path", filters.toString()))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> run(Map.of(), "--compile-only", "--table-filter", "("))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void continuousComparesAgainUntilItIsEnded() throws InterruptedException {
        Path file = directory.resolve("differences");
        AtomicReference<RuntimeException> end = new AtomicReference<>();
        Thread loop = new Thread(() -> {
            try {
                verify(
                        "--schema-filter",
                        "s",
                        "--continuous",
                        "--continuous-pause-between-runs",
                        "10ms",
                        "--differences-file",
                        file.toString());
            } catch (RuntimeException e) {
                end.set(e);
            }
        });
        loop.start();
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(verdicts()).startsWith("Equal: 30 rows", "Equal: 30 rows"));
        plantDifferences();
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(verdicts()).contains("Different: 3 rows"));
        TwoDatabases.target("DELETE FROM s.employees");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(verdicts()).contains("Different: 30 rows"));
        loop.interrupt();
        loop.join();
        assertThat(end.get()).isInstanceOf(RefusedException.class);
        refused("without --continuous", "--continuous-pause-between-runs", "1s");
        refused("--verify-id is given with --continuous", "--continuous", "--verify-id", "x");
    }

    private List<String> verdicts() {
        return out.toString()
                .lines()
                .filter(line -> line.startsWith("Equal") || line.startsWith("Different"))
                .map(line -> line.split("(?<=rows)")[0])
                .toList();
    }

    private void refused(String message, String... arguments) {
        assertThatThrownBy(() -> verify(arguments))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.remedy()).isNotBlank())
                .hasMessageContaining(message);
    }

    @Test
    void anUnreachableDatabaseOrAMissingUrlIsRefusedWithoutThePassword() {
        assertThatThrownBy(() ->
                        run(Map.of(), "--target", "postgresql://u:secret-word@127.0.0.1:1/x", "--source", sourceUrl()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("cannot reach the target")
                .hasMessageNotContaining("secret-word");
        assertThatThrownBy(() -> run(Map.of(), "--source", sourceUrl()))
                .isInstanceOf(RefusedException.class)
                .hasMessage("no target is given");
    }

    @Test
    void helpNamesExitCodesAndEveryOptionAndNoSecret() {
        CommandLine command =
                new CommandLine(new VerifyCommand(Map.of("GODWIT_SOURCE", "postgresql://u:hidden-word@h/d")));
        String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
        assertThat(help)
                .contains(
                        "--source",
                        "--target",
                        "--row-filter",
                        "--show-values",
                        "Exit codes:",
                        "GODWIT_SOURCE",
                        "20000")
                .doesNotContain("hidden-word");
    }

    private int verify(String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--source", sourceUrl(), "--target", TwoDatabases.target().url().withPassword()));
        all.addAll(List.of(arguments));
        return run(Map.of(), all.toArray(String[]::new));
    }

    private static String sourceUrl() {
        return TwoDatabases.source().url().withPassword();
    }

    private int run(Map<String, String> environment, String... arguments) {
        VerifyCommand command = new VerifyCommand(environment);
        CommandLine commandLine =
                new CommandLine(command).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        commandLine.parseArgs(arguments);
        return command.call();
    }
}
