package dev.godwit.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server process in a {@link WorkDirectory}: in a session of its own, with its output in a log file, and known to the watchdog. */
final class ChildProcess {
    // The process writes its own pid before it becomes the server: there is no moment at which it runs and the watchdog
    // does not know.
    private static final String RECORD_PID = "echo $$ >\"$1\" || exit 1; shift; exec \"$@\"";

    private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);

    private final String name;
    private final Path logFile;
    private final Process process;
    // Done when the process has ended and its pid file is removed.
    private final CompletableFuture<Void> forgotten;

    private ChildProcess(String name, Path logFile, Process process, CompletableFuture<Void> forgotten) {
        this.name = name;
        this.logFile = logFile;
        this.process = process;
        this.forgotten = forgotten;
    }

    /**
     * @param name unique in the work directory; the log is {@code <name>.log}, appended
     * @param command must replace itself by the server ({@code exec}), not fork it
     */
    static ChildProcess start(
            WorkDirectory directory, String name, List<String> command, Map<String, String> environment)
            throws IOException {
        Path pidFile = directory.path().resolve(name + ".pid");
        Path logFile = directory.path().resolve(name + ".log");
        List<String> whole = new ArrayList<>(OwnSession.prefix());
        whole.addAll(List.of("sh", "-c", RECORD_PID, "godwit-" + name, pidFile.toString()));
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole)
                .directory(directory.path().toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        // PGPORT, PGOPTIONS and the like are meant for the user's own servers.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("PG"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        // A pid may be given to a stranger later: a dead process must not stay known.
        CompletableFuture<Void> forgotten = process.onExit().thenRun(() -> deleteIfOf(pidFile, process.pid()));
        return new ChildProcess(name, logFile, process, forgotten);
    }

    private static void deleteIfOf(Path pidFile, long pid) {
        try {
            if (Files.exists(pidFile) && Files.readString(pidFile).trim().equals(Long.toString(pid))) {
                Files.deleteIfExists(pidFile);
            }
        } catch (IOException e) {
            // The directory is being removed, by the watchdog.
            log.debug("{} could not be removed", pidFile, e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Waits for the end by itself. @return the exit code */
    int awaitExit(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
                throw new IllegalStateException(name + " has not ended within " + atMost + "\n" + logTail());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    /** Sends a signal and waits for the end; uses force after {@code atMost}. Does nothing if the process has ended. */
    void stop(String signal, Duration atMost) {
        if (!process.isAlive()) {
            forgotten.join();
            return;
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
            // Else its successor's pid file might be taken for its own and removed.
            forgotten.join();
        } catch (IOException e) {
            kill();
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    /** SIGKILL, and waits until the process is gone. */
    void kill() {
        process.destroyForcibly();
        forgotten.join();
    }

    /** The last lines of its log, for error messages. */
    String logTail() {
        try {
            List<String> lines = new String(Files.readAllBytes(logFile), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }
}
