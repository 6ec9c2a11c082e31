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
 * {@code GODWIT_COCKROACH} names; else the one in the image that {@code GODWIT_COCKROACH_IMAGE} names, which a container engine runs in
 * the network of this machine; else the one on the PATH. It runs insecure, without passwords, or with certificates of its own.
 */
public final class CockroachServer implements DatabaseServer {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);
    private static final Duration CERTIFICATES_WITHIN = Duration.ofSeconds(60);

    private final String name;
    private final WorkDirectory directory;
    private final boolean ownsDirectory;
    private final boolean secure;
    private final CockroachProgram program;
    private final int port = FreePorts.next();
    private ChildProcess process;
    private int launches;

    private CockroachServer(
            String name, WorkDirectory directory, boolean ownsDirectory, boolean secure, CockroachProgram program) {
        this.name = name;
        this.directory = directory;
        this.ownsDirectory = ownsDirectory;
        this.secure = secure;
        this.program = program;
    }

    /** Why none can be started here, with the remedy; empty if one can. */
    public static Optional<RefusedException> whyNot() {
        try {
            CockroachProgram.find();
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e);
        }
    }

    /**
     * Starts a node without data; returns when it answers.
     *
     * @throws RefusedException if there is no CockroachDB to be run here
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
        CockroachProgram program = CockroachProgram.find();
        CockroachServer server = new CockroachServer(name, directory, ownsDirectory, secure, program);
        try {
            program.prepare();
            server.launch();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path certificateFolder() {
        return directory.path().resolve(name + "-certs");
    }

    /** The commands that make an authority, a certificate for this node and one for the user root. */
    static List<List<String>> certificates(Path folder) {
        List<String> place = List.of("--certs-dir=" + folder, "--ca-key=" + folder.resolve("ca.key"));
        return Stream.of(
                        List.of("create-ca"),
                        List.of("create-node", "127.0.0.1", "localhost"),
                        // pgjdbc takes keys as PKCS#8 only
                        List.of("create-client", "root", "--also-generate-pkcs8-key"))
                .map(what -> {
                    List<String> command = new ArrayList<>(List.of("cert"));
                    command.addAll(what);
                    command.addAll(place);
                    return List.copyOf(command);
                })
                .toList();
    }

    private void makeCertificates() throws IOException {
        Files.createDirectories(certificateFolder());
        int number = 0;
        for (List<String> arguments : certificates(certificateFolder())) {
            String step = name + "-cert-" + number++;
            ChildProcess making =
                    ChildProcess.start(directory, step, program.command(directory, step, 0, arguments), Map.of());
            if (making.awaitExit(CERTIFICATES_WITHIN) != 0) {
                throw new IOException("no certificates for " + name + "\n" + making.logTail());
            }
        }
    }

    private void launch() throws IOException {
        if (secure && !Files.exists(certificateFolder())) {
            makeCertificates();
        }
        List<String> arguments = List.of(
                "start-single-node",
                secure ? "--certs-dir=" + certificateFolder() : "--insecure",
                "--listen-addr=127.0.0.1:" + port,
                "--http-addr=127.0.0.1:" + FreePorts.next(),
                "--store=" + directory.path().resolve(name + "-data"),
                "--external-io-dir=" + externalDirectory(),
                "--cache=128MiB",
                "--max-sql-memory=256MiB");
        process = ChildProcess.start(
                directory,
                name,
                program.command(directory, name, ++launches, arguments),
                Map.of("COCKROACH_SKIP_ENABLING_DIAGNOSTIC_REPORTING", "true"));
        try {
            Until.holds(
                    "CockroachDB " + name + " answers on port " + port,
                    STARTS_WITHIN,
                    () -> process.isAlive() ? null : "it has ended\n" + process.logTail(),
                    this::configure);
        } catch (RuntimeException e) {
            kill();
            throw e;
        }
    }

    private boolean configure() throws SQLException {
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            // Changefeeds need rangefeeds; the defaults, 3 s each, would make every failback step wait that long.
            statement.execute("SET CLUSTER SETTING kv.rangefeed.enabled = true");
            statement.execute("SET CLUSTER SETTING kv.closed_timestamp.target_duration = '500ms'");
            statement.execute("SET CLUSTER SETTING kv.rangefeed.closed_timestamp_refresh_interval = '200ms'");
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
        program.kill(directory, name, launches, process);
    }

    /**
     * Starts again with the same data on the same port; returns when it answers. It must have been killed.
     */
    public void restart() {
        try {
            launch();
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
