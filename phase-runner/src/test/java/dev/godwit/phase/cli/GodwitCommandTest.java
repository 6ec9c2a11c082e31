package dev.godwit.phase.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.DatabaseUrl;
import dev.godwit.phase.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GodwitCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private boolean logFileKept;

    @TempDir
    Path directory;

    @TestFactory
    List<DynamicTest> everyCommandPrintsItsHelp() {
        List<DynamicTest> tests = new ArrayList<>();
        collect(new ArrayList<>(), commandLine(), tests);
        return tests;
    }

    private void collect(List<String> path, CommandLine command, List<DynamicTest> tests) {
        String name = command.getCommandSpec().qualifiedName(" ");
        List<String> arguments = new ArrayList<>(path);
        arguments.add("--help");
        tests.add(DynamicTest.dynamicTest(name, () -> {
            StringWriter help = new StringWriter();
            int exitCode = commandLine().setOut(new PrintWriter(help)).execute(arguments.toArray(String[]::new));
            assertThat(exitCode).isZero();
            assertThat(help.toString()).contains("Usage:", name, "--help", "--log-file");
            assertThat(help.toString().lines())
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
        }));
        command.getSubcommands().forEach((word, sub) -> {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(word);
            collect(deeper, sub, tests);
        });
    }

    @Test
    void printsItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("(?s)godwit \\d+\\.\\d+.*");
    }

    @Test
    void tellsWrongUsageInTwoLinesAndExitsWith2() {
        assertThat(run("phase", "run", "--phase", "x", "--faze", "x")).isEqualTo(2);
        assertThat(err.toString()).contains("error: Unknown option", "see: godwit phase run --help");
        assertThat(err.toString().lines().count()).isLessThanOrEqualTo(4);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void takesOnlyLevelsThatTheLogHas() {
        assertThat(run("fetch", "tokens", "list", "--log-level=loud")).isEqualTo(2);
        assertThat(err.toString()).contains("--logging is \"loud\"");
        assertThat(run("fetch", "tokens", "list", "--logging=loud")).isEqualTo(2);
    }

    @Test
    void asksForACommandWhereOneIsMissing() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("phase")).isEqualTo(2);
        assertThat(err.toString()).contains("error: a command is missing", "say what to do with the phase");
    }

    @Test
    void tellsARefusalWithItsRemedyAndWithoutAStackTrace() {
        assertThat(run("phase", "plan", "--phase", directory.resolve("no.yaml").toString()))
                .isEqualTo(2);
        assertThat(err.toString().lines().toList())
                .hasSize(2)
                .satisfies(lines -> assertThat(lines.get(0)).startsWith("error: there is no phase file"))
                .satisfies(lines -> assertThat(lines.get(1)).startsWith("remedy: check the path"));
        assertThat(logFileKept).isFalse();
    }

    @Test
    void neverShowsThePasswordOfADatabaseThatRefusesIt() throws IOException {
        DatabaseUrl url = TestServer.newDatabase();
        Path file = directory.resolve("phase.yaml");
        Files.writeString(file, """
                migration: shop
                phase: eu
                source: {url: "postgresql://postgres:wr0ng-secret@127.0.0.1:%1$d/%2$s"}
                target: {url: "postgresql://postgres:wr0ng-secret@127.0.0.1:%1$d/%2$s"}
                kafka: {bootstrap-servers: "127.0.0.1:1", connect-url: "http://127.0.0.1:1"}
                tables: [{name: public.t}]
                """.formatted(url.port(), url.database()));

        assertThat(run("phase", "run", "--phase", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("refuses user \"postgres\"", "remedy: check user and password");
        assertThat(out.toString() + err).doesNotContain("wr0ng-secret").doesNotContain("\tat ");
    }

    @Test
    void refusesAnUnknownStepAndAnUnknownConfirmation() {
        assertThat(run("phase", "run", "--phase", "x.yaml", "--until", "bulk-lode"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("there is no step \"bulk-lode\"", "bulk-load");
        assertThat(run("phase", "run", "--phase", "x.yaml", "--confirm", "everything"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("there is nothing called \"everything\" to confirm", "stop-traffic");
    }

    @Test
    void keepsTheLogOnlyAfterAFailureThatIsNoRefusal() {
        ErrorReport report = new ErrorReport(() -> {
            logFileKept = true;
            return "/tmp/x.log";
        });
        int exitCode = report.ofExecution(
                new IllegalStateException("it broke", new IOException("disk full")), commandLine(), null);

        assertThat(exitCode).isEqualTo(1);
        assertThat(logFileKept).isTrue();
        assertThat(err.toString().lines())
                .containsExactly("error: it broke: disk full", "the log has more: /tmp/x.log");
    }

    private int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    private CommandLine commandLine() {
        return GodwitCommand.commandLine(() -> {
                    logFileKept = true;
                    return "/tmp/x.log";
                })
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
    }
}
