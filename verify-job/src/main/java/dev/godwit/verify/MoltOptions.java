package dev.godwit.verify;

import dev.godwit.database.RefusedException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of MOLT Verify's command lines that there is nothing, or nothing good, to do for. */
final class MoltOptions {

    @Option(
            names = "--compile-only",
            arity = "0..1",
            paramLabel = "true|false",
            order = 80,
            defaultValue = "false",
            fallbackValue = "true",
            description =
                    "Only check options and files, without connecting to the databases: exit code 0 if they can be understood, else 2.")
    private boolean compileOnly;

    @Option(
            names = "--non-interactive",
            arity = "0..1",
            paramLabel = "true|false",
            order = 81,
            fallbackValue = "true",
            description = "Taken for command lines of MOLT Verify: nothing is ever asked.")
    @SuppressWarnings("UnusedVariable") // it changes nothing
    private boolean nonInteractive;

    @Option(
            names = "--allow-tls-mode-disable",
            arity = "0..1",
            paramLabel = "true|false",
            order = 82,
            fallbackValue = "true",
            description =
                    "Taken for command lines of MOLT Verify: the URL alone says whether connections are encrypted.")
    @SuppressWarnings("UnusedVariable") // it changes nothing
    private boolean allowTlsModeDisable;

    @Option(
            names = "--source-cdb",
            paramLabel = "URL",
            order = 83,
            description = "Refused: it names the container database of an Oracle, which is no source yet.")
    private String sourceContainer;

    @Option(
            names = {"--live-runs-per-second", "--live-retries-max-iterations", "--live-retry-multiplier"},
            paramLabel = "N",
            order = 84,
            description =
                    "Taken with --live for command lines of MOLT Verify, with a warning: rows are read again when the consistent point has passed, not so many"
                            + " times.")
    private List<Integer> tries = new ArrayList<>();

    @Option(
            names = {"--live-flush-interval", "--live-retry-initial-backoff", "--live-retry-max-backoff"},
            paramLabel = "DURATION",
            order = 85,
            description = "The same: nobody has to guess how long replication takes.")
    private List<String> pauses = new ArrayList<>();

    /**
     * @param live whether replication runs
     * @param warnings where to say what changes nothing
     * @throws RefusedException for what would change something and is not there
     */
    void check(boolean live, PrintWriter warnings) {
        if (sourceContainer != null) {
            throw new RefusedException(
                    "--source-cdb names the container database of an Oracle, which is no source yet",
                    "leave it out: PostgreSQL and MySQL have none");
        }
        tries.stream().filter(number -> number < 0).findFirst().ifPresent(number -> {
            throw new RefusedException("an option of --live is " + number, "give a number of at least 0");
        });
        pauses.forEach(pause -> GoDuration.parse("an option of --live", pause));
        if (tries.isEmpty() && pauses.isEmpty()) {
            return;
        }
        if (!live) {
            throw new RefusedException("options of --live are given without it", "give --live, or leave them out");
        }
        warnings.println(
                "warning: --live-runs-per-second, --live-flush-interval, --live-retries-* and --live-retry-* change nothing: a row is read again when"
                        + " the consistent point has passed, and told of only when replication cannot mend it (--live-timeout bounds that)");
        warnings.flush();
    }

    boolean onlyCompiles() {
        return compileOnly;
    }
}
