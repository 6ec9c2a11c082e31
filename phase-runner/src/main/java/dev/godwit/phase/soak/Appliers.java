package dev.godwit.phase.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The applier processes of a soak. Not thread-safe. */
final class Appliers implements AutoCloseable {
    private final Path directory;
    private final Path phaseFile;
    private final List<ApplierProcess> running = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private int started;

    Appliers(Path directory, Path phaseFile) {
        this.directory = directory;
        this.phaseFile = phaseFile;
    }

    ApplierProcess start(String... options) throws IOException {
        ApplierProcess process = ApplierProcess.start("applier-" + ++started, directory, phaseFile, options);
        running.add(process);
        return process;
    }

    /** The one that has taken the domain over with this epoch, if it lives. */
    Optional<ApplierProcess> owner(long epoch) {
        return running.stream()
                .filter(ApplierProcess::isAlive)
                .filter(process -> process.output().contains("took over with epoch " + epoch + ","))
                .findFirst();
    }

    void kill(ApplierProcess process) {
        process.close();
        running.remove(process);
    }

    /** Forgets those that have ended, notes those that should not have, and sees to it that one runs. */
    void keepRunning() throws IOException {
        for (ApplierProcess process : List.copyOf(running)) {
            if (!process.isAlive()) {
                running.remove(process);
                if (process.hasFailed()) {
                    String output = process.output().strip();
                    failures.add("an applier stopped by itself: "
                            + output.substring(output.lastIndexOf('\n', output.lastIndexOf("error:")) + 1));
                }
            }
        }
        if (running.isEmpty()) {
            start();
        }
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    int started() {
        return started;
    }

    @Override
    public void close() {
        running.forEach(ApplierProcess::close);
        running.clear();
    }
}
