package dev.godwit.phase.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.phase.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands beside {@code godwit apply} that read what an applier has left in the ledger. Nothing listens where Kafka should be. */
class ApplyCommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private DatabaseUrl target;
    private String phase;

    @BeforeEach
    void writePhaseFile() throws IOException, SQLException {
        DatabaseUrl source = TestServer.newDatabase();
        target = TestServer.newDatabase();
        TestServer.execute(source, "CREATE TABLE item (id INT PRIMARY KEY)");
        TestServer.execute(target, "CREATE TABLE item (id INT PRIMARY KEY)");
        Path file = directory.resolve("phase.yaml");
        Files.writeString(file, """
                migration: shop
                phase: eu
                source: {url: "%s"}
                target: {url: "%s"}
                kafka: {bootstrap-servers: "127.0.0.1:1", connect-url: "http://127.0.0.1:1"}
                tables: [{name: public.item}]
                """.formatted(source.withPassword(), target.withPassword()));
        phase = file.toString();
    }

    @Test
    void statusSaysThatNoApplierHasBegun() throws IOException {
        assertThat(run("status")).isZero();
        assertThat(out.toString()).contains("shop-eu-forward: no applier has begun yet");
        assertThat(run("status", "--direction", "failback", "--json")).isZero();
        JsonNode line = lastLine();
        assertThat(line.get("domain").textValue()).isEqualTo("shop-eu-failback");
        assertThat(line.get("begun").booleanValue()).isFalse();
    }

    @Test
    void statusTellsHowFarTheTargetIsAndWhatStandsAside() throws IOException, SQLException {
        fillLedger();
        assertThat(run("status")).isZero();
        assertThat(out.toString())
                .contains(
                        "shop-eu-forward: consistent up to 0/C8, committed at the replication source at 2026-01-02T03:04:05Z")
                .contains("epoch 4")
                .contains("2 changes stand aside as dead letters");
        assertThat(run("status", "--json")).isZero();
        JsonNode line = lastLine();
        assertThat(line.get("begun").booleanValue()).isTrue();
        assertThat(line.get("consistent_point").textValue()).isEqualTo("0/C8");
        assertThat(line.get("epoch").intValue()).isEqualTo(4);
        assertThat(line.get("marker").textValue()).isEqualTo("77");
        assertThat(line.get("dead_letters").intValue()).isEqualTo(2);
        assertThat(line.get("age_ms").longValue()).isPositive();
    }

    @Test
    void deadLettersAreListedByStateTableAndReason() throws IOException, SQLException {
        fillLedger();
        assertThat(run("dead-letters", "list")).isZero();
        assertThat(out.toString())
                .contains("0/64:0 public.item key (1) at topic-0@5: bad_row (SQLSTATE 22001): too long")
                .contains("0/96:0 public.item (truncate) at topic-0@9: depends_on_earlier: follows")
                .doesNotContain("0/32:0")
                .doesNotContain("0/12C:0") // not applied yet: it comes again
                .contains("2 dead letters");

        assertThat(run("dead-letters", "list", "--state", "all", "--reason", "bad_row"))
                .isZero();
        assertThat(out.toString()).contains("0/32:0").contains("0/64:0").doesNotContain("0/96:0");
        assertThat(run("dead-letters", "list", "--table", "public.other")).isZero();
        assertThat(out.toString()).contains("0 dead letters");

        assertThat(run("dead-letters", "list", "--state", "replayed", "--json")).isZero();
        JsonNode line = lastLine();
        assertThat(line.get("position").textValue()).isEqualTo("0/32");
        assertThat(line.get("key").get(0).textValue()).isEqualTo("3");
        assertThat(line.get("offset").intValue()).isEqualTo(2);
        assertThat(line.get("replayed_at").isNull()).isFalse();
    }

    @Test
    void aReplayOnlySaysWhatItWouldDoUnlessItIsToldToExecute() throws IOException, SQLException {
        fillLedger();
        assertThat(run("dead-letters", "replay")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "transaction 0/64, 1 changes: would be replayed",
                        "transaction 0/96, 1 changes: would be replayed");
        assertThat(run("dead-letters", "replay", "--json")).isZero();
        assertThat(lastLine().get("message").textValue()).isEqualTo("would be replayed");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(run("dead-letters", "list", "--state", "lost")).isEqualTo(2);
        assertThat(err.toString()).contains("--state");
        assertThat(run("status", "--direction", "sideways")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no direction \"sideways\"");
        assertThat(run("dead-letters")).isEqualTo(2);
    }

    private void fillLedger() throws SQLException {
        try (Connection connection = TestServer.connect(target).open()) {
            LedgerSchema.create(connection);
        }
        String letter =
                "INSERT INTO _godwit.dead_letter VALUES ('shop-eu-forward', '%s', 0, 'public', 'item', %s, '%s', %s,"
                        + " '%s', %s, 'topic', 0, %d, '2026-01-02 03:04:05+00', '2026-01-02 03:05:00+00', %s)";
        TestServer.execute(
                target,
                "INSERT INTO _godwit.domain VALUES ('shop-eu-forward', 4, '0/C8', '2026-01-02 03:04:05+00', '77', '{}',"
                        + " now())",
                letter.formatted("0/32", "'[\"3\"]'", "BAD_ROW", "'22001'", "mended", "NULL", 2, "now()"),
                letter.formatted("0/64", "'[\"1\"]'", "BAD_ROW", "'22001'", "too long", "NULL", 5, "NULL"),
                letter.formatted("0/96", "NULL", "DEPENDS_ON_EARLIER", "NULL", "follows", "'0/64'", 9, "NULL"),
                letter.formatted("0/12C", "'[\"2\"]'", "BAD_ROW", "'22001'", "ahead", "NULL", 12, "NULL"));
    }

    /** Begins with empty output. */
    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String[] all = new String[arguments.length + (List.of(arguments).equals(List.of("dead-letters")) ? 1 : 3)];
        all[0] = "apply";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        if (all.length > arguments.length + 1) {
            all[arguments.length + 1] = "--phase";
            all[arguments.length + 2] = phase;
        }
        return GodwitCommand.commandLine(() -> "/tmp/x.log")
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }

    private JsonNode lastLine() throws IOException {
        List<String> lines = out.toString().lines().toList();
        return new ObjectMapper().readTree(lines.get(lines.size() - 1));
    }
}
