package dev.godwit.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A contestant in a JVM of its own, so that its CPU time and its memory are its own. Not thread-safe. */
public final class ChildJvm implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);

    private final Process process;
    private final PrintStream toChild;
    private final Path log;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private volatile String failure;

    private ChildJvm(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.toChild = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::listen, "bench-child-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts it and hands it its settings.
     *
     * @param log gets whatever it prints and logs
     */
    static ChildJvm start(Class<?> main, int heapMiB, List<String> jvmOptions, Path log, JsonNode settings) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + heapMiB + "m",
                "-Xmx" + heapMiB + "m",
                // As Godwit's launcher has it, and for all alike.
                "-XX:+UseParallelGC",
                "-Dfile.encoding=UTF-8",
                "-Dgodwit.log.file=" + log + ".log"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(log.toFile()).start();
            ChildJvm child = new ChildJvm(process, log);
            child.toChild.println(settings);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith(Parent.PREFIX + Parent.READY)) {
                    ready.complete(line.substring((Parent.PREFIX + Parent.READY).length())
                            .strip());
                } else if (line.startsWith(Parent.PREFIX + Parent.FAILED)) {
                    failure = line.substring(Parent.PREFIX.length());
                }
            }
        } catch (IOException e) {
            failure = e.toString();
        }
        ready.completeExceptionally(new IllegalStateException("it has ended"));
    }

    /** @return what it says when all preparations are done */
    public String awaitReady() throws InterruptedException {
        try {
            return ready.get(READY_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "the measured process did not get ready: " + failure().orElse("no answer"), e);
        }
    }

    /** The clock begins to run. */
    public void go() {
        toChild.println(Parent.GO);
    }

    /** Why it cannot get to the end; empty while all is well. */
    public Optional<String> failure() {
        if (failure != null) {
            return Optional.of(failure + "; its log: " + logTail());
        }
        return process.isAlive() ? Optional.empty() : Optional.of("it has ended; its log: " + logTail());
    }

    private String logTail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** CPU time of all its threads since it started; empty if the platform does not tell. */
    public Optional<Duration> cpu() {
        return process.info().totalCpuDuration();
    }

    /** The most memory that it ever had resident, in bytes; empty where there is no /proc. */
    public OptionalLong peakMemory() {
        return ProcFiles.peakMemory(process.pid());
    }

    /** Lets it end, which writes a recording to its file, or ends it. */
    @Override
    public void close() {
        toChild.println(Parent.STOP);
        toChild.close();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
