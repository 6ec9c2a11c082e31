package dev.godwit.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Has Maven resolve an archive, as it resolves everything else here, only when it is needed. */
final class MavenArchive {
    /** Pinned, since outside of a project Maven would take whatever is the newest. */
    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

    private static final long FETCHED_WITHIN_MINUTES = 30;

    private MavenArchive() {}

    /**
     * @param artifact {@code group:artifact:version:packaging:classifier}
     * @param folder the content comes into it
     * @throws IOException if Maven cannot do it; with Maven's own errors
     */
    static void unpack(String artifact, Path folder) throws IOException {
        Path log = Files.createTempFile("godwit-maven-", ".log");
        try {
            run(artifact, folder, log);
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private static void run(String artifact, Path folder, Path log) throws IOException {
        Process maven = new ProcessBuilder(
                        "mvn",
                        "-B",
                        "-ntp",
                        PLUGIN + ":unpack",
                        "-Dartifact=" + artifact,
                        "-DoutputDirectory=" + folder)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!maven.waitFor(FETCHED_WITHIN_MINUTES, TimeUnit.MINUTES)) {
                maven.destroyForcibly();
                throw new IOException("Maven has not fetched " + artifact + " within " + FETCHED_WITHIN_MINUTES
                        + " minutes\n" + errors(log));
            }
        } catch (InterruptedException e) {
            maven.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fetching " + artifact, e);
        }
        if (maven.exitValue() != 0) {
            throw new IOException("Maven could not fetch " + artifact + "\n" + errors(log));
        }
    }

    private static String errors(Path log) throws IOException {
        return Files.readString(log)
                .lines()
                .filter(line -> line.startsWith("[ERROR]"))
                .limit(5)
                .collect(Collectors.joining("\n"));
    }
}
