package dev.godwit.bench.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.bench.child.ProcFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Runs one contestant and looks at the clock. */
final class FetchStopwatch {
    private static final long WITHIN_MINUTES = 30;
    private static final long LOOK_MS = 50;

    private final Path log;
    private final int heapMiB;
    private final List<String> jvmOptions;

    FetchStopwatch(Path log, int heapMiB, List<String> jvmOptions) {
        this.log = log;
        this.heapMiB = heapMiB;
        this.jvmOptions = jvmOptions;
    }

    FetchMeasurement measure(FetchContestant contestant, FetchCommands commands, String slot, int round, long rows)
            throws IOException, InterruptedException {
        Path output = log.resolveSibling(log.getFileName() + ".out");
        List<ProcessBuilder> builders = commands.pipeline(contestant, slot, heapMiB, jvmOptions);
        builders.forEach(builder -> builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())));
        builders.get(builders.size() - 1).redirectOutput(output.toFile());
        long started = System.nanoTime();
        List<Process> processes = ProcessBuilder.startPipeline(builders);
        Watch watch = new Watch(processes);
        Duration deadline = Duration.ofMinutes(WITHIN_MINUTES);
        for (Process process : processes) {
            while (!process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS)) {
                watch.look();
                if (System.nanoTime() - started > deadline.toNanos()) {
                    processes.forEach(Process::destroyForcibly);
                    throw new IllegalStateException(contestant.label() + " did not end in " + deadline);
                }
            }
        }
        Duration wall = Duration.ofNanos(System.nanoTime() - started);
        for (Process process : processes) {
            if (process.exitValue() != 0) {
                throw new IllegalStateException(contestant.label() + " failed with exit code " + process.exitValue()
                        + ": " + Files.readString(log) + Files.readString(output));
            }
        }
        Duration moving = contestant.isGodwit() ? moving(output) : wall;
        return new FetchMeasurement(
                contestant,
                round,
                rows,
                wall,
                moving,
                watch.cpu(),
                contestant.isGodwit() ? watch.peakMemory() : Optional.empty());
    }

    /** From the line that says that loading begins to the line that says that all is committed. */
    private static Duration moving(Path output) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        OffsetDateTime from = null;
        OffsetDateTime to = null;
        for (String line : Files.readAllLines(output)) {
            if (!line.startsWith("{")) {
                continue; // the JVM tells of its flight recording
            }
            JsonNode event = mapper.readTree(line);
            String message = event.path("message").asText();
            if (message.equals("starting fetch")) {
                from = OffsetDateTime.parse(event.get("time").asText());
            } else if (message.equals("fetch complete")) {
                to = OffsetDateTime.parse(event.get("time").asText());
            }
        }
        if (from == null || to == null) {
            throw new IllegalStateException("the output does not say when loading began and ended: " + output);
        }
        return Duration.between(from, to);
    }

    /** The last that was seen of processes while they lived. */
    private static final class Watch {
        private final List<Process> processes;
        private final long[] cpuMs;
        private long peakMemory;

        Watch(List<Process> processes) {
            this.processes = processes;
            this.cpuMs = new long[processes.size()];
        }

        void look() {
            for (int i = 0; i < processes.size(); i++) {
                int at = i;
                ProcFiles.cpuWithChildren(processes.get(i).pid())
                        .ifPresent(cpu -> cpuMs[at] = Math.max(cpuMs[at], cpu.toMillis()));
                OptionalLong memory = ProcFiles.peakMemory(processes.get(i).pid());
                peakMemory = Math.max(peakMemory, memory.orElse(0));
            }
        }

        Optional<Duration> cpu() {
            long all = 0;
            for (long one : cpuMs) {
                all += one;
            }
            return all == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(all));
        }

        Optional<Long> peakMemory() {
            return peakMemory == 0 ? Optional.empty() : Optional.of(peakMemory);
        }
    }
}
