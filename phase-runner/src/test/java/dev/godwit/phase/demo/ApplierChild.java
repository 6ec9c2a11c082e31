package dev.godwit.phase.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code godwit apply} as a process of its own. */
final class ApplierChild implements AutoCloseable {
    private final Process process;

    private ApplierChild(Process process) {
        this.process = process;
    }

    /** Its output and its log stand beside the phase file. */
    static ApplierChild start(Path phaseFile, String heap) throws IOException {
        Path directory = phaseFile.getParent();
        return new ApplierChild(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Djava.io.tmpdir=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.godwit.phase.cli.Main",
                        "apply",
                        "--phase",
                        phaseFile.toString(),
                        "--log-file",
                        directory.resolve("applier.log").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("applier.out").toFile())
                .start());
    }

    /** As Linux knows it; "unknown" elsewhere. */
    String peakMemory() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.isReadable(status)) {
            return "unknown";
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.substring(6).trim())
                .findFirst()
                .orElse("unknown");
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(); // it writes into the directory that goes next
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
