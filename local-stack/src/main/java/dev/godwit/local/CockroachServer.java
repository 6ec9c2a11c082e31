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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A CockroachDB node on free loopback ports with temporary data, from a {@code cockroach} program of the user: the one that the variable
 * {@code GODWIT_COCKROACH} names, else the one on the PATH. It runs insecure: no passwords.
 */
public final class CockroachServer implements DatabaseServer {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);

    private final String name;
    private final WorkDirectory directory;
    private final boolean ownsDirectory;
    private final int port = FreePorts.next();
    private ChildProcess process;

    private CockroachServer(String name, WorkDirectory directory, boolean ownsDirectory) {
        this.name = name;
        this.directory = directory;
        this.ownsDirectory = ownsDirectory;
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
        WorkDirectory directory = WorkDirectory.create(name);
        try {
            return start(name, directory, true);
        } catch (RuntimeException | Error e) {
            directory.close();
            throw e;
        }
    }

    /** In the directory of a whole stack, which stays when the server is closed. */
    static CockroachServer start(String name, WorkDirectory directory) {
        return start(name, directory, false);
    }

    private static CockroachServer start(String name, WorkDirectory directory, boolean ownsDirectory) {
        Path program = program().orElseThrow(CockroachServer::missing);
        CockroachServer server = new CockroachServer(name, directory, ownsDirectory);
        try {
            server.launch(program);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch(Path program) throws IOException {
        process = ChildProcess.start(
                directory,
                name,
                List.of(
                        program.toString(),
                        "start-single-node",
                        "--insecure",
                        "--listen-addr=127.0.0.1:" + port,
                        "--http-addr=127.0.0.1:" + FreePorts.next(),
                        "--store=" + directory.path().resolve(name + "-data"),
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
        return DatabaseUrl.parse(name, "cockroachdb://root@127.0.0.1:" + port + "/defaultdb?sslmode=disable")
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
