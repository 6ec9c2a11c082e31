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
    private final int instances;
    private final List<ApplierProcess> running = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private int started;

    /** @param instances how many are kept running */
    Appliers(Path directory, Path phaseFile, int instances) {
        this.directory = directory;
        this.phaseFile = phaseFile;
        this.instances = instances;
    }

    ApplierProcess start(String... options) throws IOException {
        ApplierProcess process = ApplierProcess.start("applier-" + ++started, directory, phaseFile, options);
        running.add(process);
        return process;
    }

    /** The one that has taken a domain over with this epoch, if it lives. */
    Optional<ApplierProcess> owner(String domain, long epoch) {
        return running.stream()
                .filter(ApplierProcess::isAlive)
                .filter(process -> process.output().contains(domain + ": took over with epoch " + epoch + ","))
                .findFirst();
    }

    void kill(ApplierProcess process) {
        process.close();
        running.remove(process);
    }

    /** Sees to it that another one runs beside the one that is about to go. */
    void startSecond() throws IOException {
        if (running.stream().filter(ApplierProcess::isAlive).count() < 2) {
            start();
        }
    }

    /** Forgets those that have ended, notes those that should not have, and sees to it that enough run. */
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
        while (running.size() < instances) {
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
