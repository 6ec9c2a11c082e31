package dev.godwit.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A broker or a Connect worker in a JVM of its own, started by its own main class from a properties file, as in a deployment. */
final class ServerProcess implements ServerRun {
    /** A worker ends its tasks, a broker its partitions. */
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

    private final WorkDirectory directory;
    private final String name;
    private final String mainClass;
    private final String memory;
    private ChildProcess process;

    private ServerProcess(WorkDirectory directory, String name, String mainClass, String memory) {
        this.directory = directory;
        this.name = name;
        this.mainClass = mainClass;
        this.memory = memory;
    }

    /** @param name unique in the directory; the log is {@code <name>.log} */
    static ServerProcess broker(WorkDirectory directory, String name) {
        return new ServerProcess(directory, name, "kafka.Kafka", "-Xmx384m");
    }

    /** @param name unique in the directory; the log is {@code <name>.log} */
    static ServerProcess connect(WorkDirectory directory, String name) {
        return new ServerProcess(directory, name, "org.apache.kafka.connect.cli.ConnectDistributed", "-Xmx512m");
    }

    @Override
    public void launch(Map<String, String> settings) {
        Path file = directory.path().resolve(name + ".properties");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                memory,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Duser.language=en", // see RootLocale
                "-Djava.io.tmpdir=" + directory.path(),
                "-Dlogback.configurationFile=dev/godwit/local/server-process-logback.xml",
                "-cp",
                classPath(),
                mainClass,
                file.toString()));
        try {
            Files.writeString(file, properties(settings));
            process = ChildProcess.start(directory, name, command, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Surefire's own is a jar that names the others. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static String properties(Map<String, String> settings) {
        return new TreeMap<>(settings)
                .entrySet().stream()
                        .map(setting ->
                                setting.getKey() + "=" + setting.getValue().replace("\\", "\\\\") + "\n")
                        .collect(Collectors.joining());
    }

    @Override
    public String ended() {
        return process.isAlive() ? null : "it has ended\n" + process.logTail();
    }

    @Override
    public void stop() {
        if (process != null) {
            process.stop("TERM", STOPS_WITHIN);
            process = null;
        }
    }

    @Override
    public void kill() {
        if (process != null) {
            process.kill();
            process = null;
        }
    }
}
