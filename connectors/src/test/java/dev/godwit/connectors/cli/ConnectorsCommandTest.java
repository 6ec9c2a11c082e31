package dev.godwit.connectors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ConnectorsCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new ConnectorsCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((e, commandLine, result) -> {
                    commandLine.getErr().println(e);
                    return 2;
                })
                .execute(arguments);
    }

    @Test
    void helpNamesEveryCommandAndOption() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("deploy", "status", "pause", "resume", "delete");
        assertThat(run("deploy", "--help")).isZero();
        assertThat(out.toString())
                .contains("--migration", "--cursor", "--database-password", "${env:SHOP_PASSWORD}", "Exit codes");
    }

    @Test
    void refusesBadInputBeforeItConnects() {
        assertThat(run(
                        "status",
                        "--migration",
                        "shop",
                        "--phase",
                        "e u",
                        "--source",
                        "postgresql://u:geheim@127.0.0.1:1/d"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("\"e u\" cannot be the name of a phase");
        assertThat(run(
                        "status",
                        "--migration",
                        "shop",
                        "--phase",
                        "eu",
                        "--source",
                        "postgresql://u:geheim@127.0.0.1:1/d"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("cannot reach the source").doesNotContain("geheim");
        assertThat(run("deploy", "--migration", "shop", "--phase", "eu", "--direction", "failback"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("no cursor is given");
        assertThat(run("deploy", "--add-tables", "--migration", "shop", "--phase", "eu", "--direction", "failback"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("a changefeed takes no more tables while it runs");
        assertThat(run("pause", "--migration", "shop", "--phase", "eu", "--direction", "sideways"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("sideways");
    }
}
