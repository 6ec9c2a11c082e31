package dev.godwit.fetch.store;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A server of the tests: a process, and a directory that goes with it. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final Path directory;

    private ServerProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    static Path newDirectory(String name) throws IOException {
        return Files.createTempDirectory("godwit-" + name + "-");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns when it answers. What it says goes to {@code target/NAME.log}. */
    static ServerProcess start(String name, Path directory, List<String> command, Callable<Boolean> answers)
            throws IOException {
        File log = new File("target/" + name + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        ServerProcess server = new ServerProcess(process, directory);
        try {
            Awaitility.await(name + " answers (" + log + " tells more)")
                    .atMost(Duration.ofMinutes(3))
                    .ignoreExceptions()
                    .until(answers);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new IllegalStateException("cannot clean up " + directory, e);
        }
    }
}
