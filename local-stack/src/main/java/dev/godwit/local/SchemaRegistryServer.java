package dev.godwit.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Schema Registry, Apicurio's, on a free loopback port with its schemas in memory. It speaks its own API and Confluent's.
 * Maven fetches it when it is first needed (some 140 MB); it is unpacked once into the cache folder.
 */
public final class SchemaRegistryServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SchemaRegistryServer.class);

    private static final String VERSION = "2.6.13.Final";
    private static final String ARTIFACT = "io.apicurio:apicurio-registry-app:" + VERSION + ":tar.gz:all";
    /** It takes some ten seconds on a quiet machine. */
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);

    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);

    private final WorkDirectory directory;
    private final int port = FreePorts.next();
    private ChildProcess process;

    private SchemaRegistryServer(WorkDirectory directory) {
        this.directory = directory;
    }

    /**
     * Returns when it answers.
     *
     * @throws IllegalStateException if it does not come up
     */
    public static SchemaRegistryServer start() {
        SchemaRegistryServer server = new SchemaRegistryServer(WorkDirectory.create("registry"));
        try {
            server.launch(unpacked());
            return server;
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private static synchronized Path unpacked() throws IOException {
        Path home = PostgresBinaries.cache().resolve("apicurio-registry-" + VERSION);
        if (Files.isDirectory(home)) {
            return home;
        }
        Files.createDirectories(home.getParent());
        Path unfinished = Files.createTempDirectory(home.getParent(), "unpacking-");
        try {
            log.info("fetching Apicurio Registry {}, some 140 MB, once", VERSION);
            MavenArchive.unpack(ARTIFACT, unfinished);
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(home)) { // else another process was quicker
                throw e;
            }
        } finally {
            PostgresBinaries.deleteRecursively(unfinished);
        }
        return home;
    }

    private void launch(Path home) throws IOException {
        process = ChildProcess.start(
                directory,
                "registry",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Djava.io.tmpdir=" + directory.path(),
                        "-jar",
                        runner(home).toString()),
                Map.of());
        Until.holds(
                "the Schema Registry answers on port " + port,
                STARTS_WITHIN,
                () -> process.isAlive() ? null : "it has ended\n" + process.logTail(),
                this::answers);
    }

    private static Path runner(Path home) throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.filter(file -> file.getFileName().toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no runner jar in " + home));
        }
    }

    private boolean answers() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/subjects"))
                .timeout(Duration.ofSeconds(15))
                .build();
        return HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    /** Confluent's API, without a slash at the end: what {@code schema.registry.url} wants. */
    public String url() {
        return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
    }

    /** Apicurio's own API, which its converters use. */
    public String apicurioUrl() {
        return "http://127.0.0.1:" + port + "/apis/registry/v2";
    }

    /** Everything is gone afterwards. Idempotent. */
    @Override
    public void close() {
        if (process != null) {
            process.stop("TERM", STOPS_WITHIN);
        }
        directory.close();
    }

    @Override
    public String toString() {
        return "Schema Registry on port " + port;
    }
}
