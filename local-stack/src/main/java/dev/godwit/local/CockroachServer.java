package dev.godwit.local;

import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A CockroachDB node on free loopback ports with temporary data, from a {@code cockroach} program of the user: the one that the variable
 * {@code GODWIT_COCKROACH} names, else the one on the PATH. It runs insecure, without passwords, or with certificates of its own.
 */
public final class CockroachServer implements DatabaseServer {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);
    private static final Duration CERTIFICATES_WITHIN = Duration.ofSeconds(60);

    private final String name;
    private final WorkDirectory directory;
    private final boolean ownsDirectory;
    private final boolean secure;
    private final int port = FreePorts.next();
    private ChildProcess process;

    private CockroachServer(String name, WorkDirectory directory, boolean ownsDirectory, boolean secure) {
        this.name = name;
        this.directory = directory;
        this.ownsDirectory = ownsDirectory;
        this.secure = secure;
    }

    /**
     * The program, if there is one.
     *
     * @throws RefusedException if {@code GODWIT_COCKROACH} names something that is no program
     */
    public static Optional<Path> program() {
        return program(System.getenv("GODWIT_COCKROACH"));
    }

    static Optional<Path> program(String configured) {
        if (configured == null || configured.isBlank()) {
            return OwnSession.onPath("cockroach");
        }
        Path program = Path.of(configured).toAbsolutePath();
        if (!Files.isExecutable(program) || Files.isDirectory(program)) {
            throw new RefusedException(
                    "GODWIT_COCKROACH names " + program + ", which is not a program",
                    "let it name the cockroach binary, or unset it");
        }
        return Optional.of(program);
    }

    /** What to throw where {@link #program()} is empty. */
    public static RefusedException missing() {
        return new RefusedException(
                "there is no cockroach program on the PATH",
                "let GODWIT_COCKROACH name it, or use the PostgreSQL stand-in");
    }

    /**
     * Starts a node without data; returns when it answers.
     *
     * @throws RefusedException if there is no cockroach program
     */
    public static CockroachServer start(String name) {
        return start(name, false);
    }

    /** The same with TLS: URLs have {@code sslmode=verify-full} and the certificate of the user root. */
    public static CockroachServer startSecure(String name) {
        return start(name, true);
    }

    private static CockroachServer start(String name, boolean secure) {
        WorkDirectory directory = WorkDirectory.create(name);
        try {
            return start(name, directory, true, secure);
        } catch (RuntimeException | Error e) {
            directory.close();
            throw e;
        }
    }

    /** In the directory of a whole stack, which stays when the server is closed. */
    static CockroachServer start(String name, WorkDirectory directory) {
        return start(name, directory, false, false);
    }

    private static CockroachServer start(String name, WorkDirectory directory, boolean ownsDirectory, boolean secure) {
        Path program = program().orElseThrow(CockroachServer::missing);
        CockroachServer server = new CockroachServer(name, directory, ownsDirectory, secure);
        try {
            server.launch(program);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path certificateFolder() {
        return directory.path().resolve(name + "-certs");
    }

    /** The commands that make an authority, a certificate for this node and one for the user root. */
    static List<List<String>> certificates(Path program, Path folder) {
        String cockroach = program.toString();
        List<String> place = List.of("--certs-dir=" + folder, "--ca-key=" + folder.resolve("ca.key"));
        return Stream.of(
                        List.of("create-ca"),
                        List.of("create-node", "127.0.0.1", "localhost"),
                        // pgjdbc takes keys as PKCS#8 only
                        List.of("create-client", "root", "--also-generate-pkcs8-key"))
                .map(what -> {
                    List<String> command = new ArrayList<>(List.of(cockroach, "cert"));
                    command.addAll(what);
                    command.addAll(place);
                    return List.copyOf(command);
                })
                .toList();
    }

    private void makeCertificates(Path program) throws IOException {
        Files.createDirectories(certificateFolder());
        int number = 0;
        for (List<String> command : certificates(program, certificateFolder())) {
            ChildProcess making = ChildProcess.start(directory, name + "-cert-" + number++, command, Map.of());
            if (making.awaitExit(CERTIFICATES_WITHIN) != 0) {
                throw new IOException("no certificates for " + name + "\n" + making.logTail());
            }
        }
    }

    private void launch(Path program) throws IOException {
        if (secure && !Files.exists(certificateFolder())) {
            makeCertificates(program);
        }
        process = ChildProcess.start(
                directory,
                name,
                List.of(
                        program.toString(),
                        "start-single-node",
                        secure ? "--certs-dir=" + certificateFolder() : "--insecure",
                        "--listen-addr=127.0.0.1:" + port,
                        "--http-addr=127.0.0.1:" + FreePorts.next(),
                        "--store=" + directory.path().resolve(name + "-data"),
                        "--external-io-dir=" + externalDirectory(),
                        "--cache=128MiB",
                        "--max-sql-memory=256MiB"),
                Map.of("COCKROACH_SKIP_ENABLING_DIAGNOSTIC_REPORTING", "true"));
        try {
            Until.holds(
                    "CockroachDB " + name + " answers on port " + port,
                    STARTS_WITHIN,
                    () -> process.isAlive() ? null : "it has ended\n" + process.logTail(),
                    this::configure);
        } catch (RuntimeException e) {
            process.kill();
            throw e;
        }
    }

    private boolean configure() throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            // Changefeeds need rangefeeds; the default of 3 s would make every failback step wait that long.
            statement.execute("SET CLUSTER SETTING kv.rangefeed.enabled = true");
            statement.execute("SET CLUSTER SETTING kv.closed_timestamp.target_duration = '500ms'");
            return true;
        }
    }

    private Connection open() throws SQLException {
        DatabaseUrl url = url("defaultdb");
        return DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
    }

    @Override
    public DatabaseUrl url(String database) {
        String tls = secure
                ? "verify-full&sslrootcert=" + certificateFolder().resolve("ca.crt") + "&sslcert="
                        + certificateFolder().resolve("client.root.crt") + "&sslkey="
                        + certificateFolder().resolve("client.root.key.pk8")
                : "disable";
        return DatabaseUrl.parse(name, "cockroachdb://root@127.0.0.1:" + port + "/defaultdb?sslmode=" + tls)
                .withDatabase(database);
    }

    @Override
    public DatabaseUrl createDatabase(String database) {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE \"" + database.replace("\"", "\"\"") + "\"");
            return url(database);
        } catch (SQLException e) {
            throw new IllegalStateException("database " + database + " could not be created on " + name, e);
        }
    }

    /** Ends as in a crash. Committed data is there after {@link #restart()}. */
    public void kill() {
        process.kill();
    }

    /**
     * Starts again with the same data on the same port; returns when it answers. It must have been killed.
     *
     * @throws RefusedException if the program is gone
     */
    public void restart() {
        try {
            launch(program().orElseThrow(CockroachServer::missing));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code nodelocal://1/} stands for. */
    public Path externalDirectory() {
        return directory.path().resolve(name + "-external");
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        if (process != null) {
            process.stop("TERM", STOPS_WITHIN);
        }
        if (ownsDirectory) {
            directory.close();
        }
    }

    @Override
    public String toString() {
        return name + " (CockroachDB on port " + port + ")";
    }
}
