package dev.godwit.phase.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code godwit apply} as a process of its own, so that it can be killed. */
final class ApplierProcess implements AutoCloseable {
    private static final int REFUSED = 2;

    private final Process process;
    private final Path output;
    private boolean ended;

    private ApplierProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * @param name of its output file, unique in the directory
     * @param directory for its output, its log and its temporary files: a killed process removes nothing
     */
    static ApplierProcess start(String name, Path directory, Path phaseFile, String... options) throws IOException {
        Path output = directory.resolve(name + ".out");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.godwit.phase.cli.Main",
                "apply",
                "--phase",
                phaseFile.toString(),
                "--log-file",
                directory.resolve(name + ".log").toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new ApplierProcess(process, output);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code TERM}, {@code STOP}, {@code CONT}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        ended |= name.equals("TERM");
    }

    /** @return its exit code; -1 if it still runs after that time */
    int awaitEnd(int secondsMax) throws InterruptedException {
        return process.waitFor(secondsMax, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    /**
     * Whether it has ended although nobody told it to. That another has taken its domain over is no failure, nor that it
     * refused to start while a server was away: whoever watches a service starts it again.
     */
    boolean hasFailed() {
        return !process.isAlive()
                && !ended
                && process.exitValue() != REFUSED
                && !output().contains("another applier has taken over");
    }

    /** SIGKILL. */
    @Override
    public void close() {
        ended = true;
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
