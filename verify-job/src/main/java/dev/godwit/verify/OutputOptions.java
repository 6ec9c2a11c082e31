package dev.godwit.verify;

import dev.godwit.database.ListenAddress;
import dev.godwit.database.RefusedException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is shown, and where. */
final class OutputOptions {

    @Option(
            names = "--differences-listed",
            paramLabel = "ROWS",
            order = 60,
            defaultValue = "" + VerifyRequest.DEFAULT_DIFFERENCES_LISTED,
            description = "Differing rows listed per table; all are counted. Default: ${DEFAULT-VALUE}")
    private int differencesListed;

    @Option(
            names = "--differences-file",
            paramLabel = "FILE",
            order = 61,
            description =
                    "Write every differing row to this file as JSON lines: table, kind, key, columns. 'godwit verify repair' reads it.")
    private Path differencesFile;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            order = 62,
            description = "Write a report in HTML, one file without passwords, for a change ticket.")
    private Path report;

    @Option(
            names = "--show-values",
            order = 63,
            description = "List the differing values too, not only keys and names of columns.")
    private boolean showValues;

    @Option(names = "--json", order = 64, description = "Write JSON lines with MOLT Verify's messages and fields.")
    private boolean json;

    @Option(
            names = "--metrics-listen-addr",
            paramLabel = "ADDRESS",
            order = 65,
            description =
                    "Answer GET /metrics for Prometheus while the comparison runs: HOST:PORT, or :PORT for the loopback interface.")
    private String metricsAddress;

    void check() {
        if (differencesListed < 0) {
            throw new RefusedException("--differences-listed is " + differencesListed, "give a number of at least 0");
        }
        requireDirectory("--differences-file", differencesFile);
        requireDirectory("--report", report);
    }

    private static void requireDirectory(String option, Path file) {
        if (file != null) {
            Path directory = file.toAbsolutePath().getParent();
            if (Files.isDirectory(file) || directory == null || !Files.isWritable(directory)) {
                throw new RefusedException(
                        option + ": " + file + " cannot be written", "name a file in a directory you can write to");
            }
        }
    }

    int differencesListed() {
        return differencesListed;
    }

    Optional<Path> differencesFile() {
        return Optional.ofNullable(differencesFile);
    }

    Optional<Path> report() {
        return Optional.ofNullable(report);
    }

    /**
     * Listens already.
     *
     * @throws RefusedException if the address is none, or cannot be listened on
     */
    Optional<VerifyMetrics> metrics() {
        return Optional.ofNullable(metricsAddress).map(ListenAddress::parse).map(VerifyMetrics::listen);
    }

    boolean showsValues() {
        return showValues;
    }

    VerifyOutput output(PrintWriter out, PrintWriter err) {
        return json ? new JsonOutput(out, showValues) : new TextOutput(out, showValues, ProgressLine.onTerminal(err));
    }
}
