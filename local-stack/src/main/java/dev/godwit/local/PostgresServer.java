package dev.godwit.local;

import dev.godwit.database.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A real PostgreSQL server on a free loopback port, with temporary data: {@link #close()} leaves nothing behind, and neither does a JVM that
 * is killed.
 *
 * <p>It is ready for logical replication and really asks for passwords. Not thread-safe, except that connections may be opened from
 * anywhere.
 */
public final class PostgresServer implements DatabaseServer {
    /** The superuser. */
    public static final String USER = "postgres";
    /** The superuser's password. */
    public static final String PASSWORD = "local-secret";

    private static final Duration STARTS_WITHIN = Duration.ofMinutes(1);
    private static final Duration STOPS_WITHIN = Duration.ofMinutes(1);
    private static final int PORTS_TRIED_MAX = 5;

    private final String name;
    private final Map<String, String> settings;
    private final WorkDirectory directory;
    private final boolean ownsDirectory;
    private final Unprivileged user;
    private final Path data;
    private Path programs;
    private int port;
    private ChildProcess process;

    private PostgresServer(
            String name,
            Map<String, String> settings,
            WorkDirectory directory,
            boolean ownsDirectory,
            Unprivileged user) {
        this.name = name;
        this.settings = Map.copyOf(settings);
        this.directory = directory;
        this.ownsDirectory = ownsDirectory;
        this.user = user;
        this.data = directory.path().resolve(name + "-data");
    }

    /** Starts a server with empty data; returns when it answers. */
    public static PostgresServer start(String name) {
        return start(name, Map.of());
    }

    /**
     * @param name tells servers apart in directory and log names: letters, digits and hyphens
     * @param settings server settings that replace the defaults, for example {@code wal_level}; {@code port} if it must be a certain one
     * @throws IllegalStateException if it does not come up, with the end of its log
     */
    public static PostgresServer start(String name, Map<String, String> settings) {
        return start(name, settings, Unprivileged.here());
    }

    static PostgresServer start(String name, Map<String, String> settings, Unprivileged user) {
        WorkDirectory directory = WorkDirectory.create(name);
        try {
            return start(name, settings, directory, true, user);
        } catch (RuntimeException | Error e) {
            directory.close();
            throw e;
        }
    }

    /** In the directory of a whole stack, which stays when the server is closed. */
    static PostgresServer start(String name, Map<String, String> settings, WorkDirectory directory) {
        return start(name, settings, directory, false, Unprivileged.here());
    }

    private static PostgresServer start(
            String name,
            Map<String, String> settings,
            WorkDirectory directory,
            boolean ownsDirectory,
            Unprivileged user) {
        PostgresServer server = new PostgresServer(name, settings, directory, ownsDirectory, user);
        try {
            server.initialize();
            server.startOnFreePort();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void initialize() throws IOException {
        programs = user.reachable(PostgresBinaries.unpacked(), directory).resolve("bin");
        Path passwordFile = directory.path().resolve(name + ".password");
        Files.writeString(passwordFile, PASSWORD);
        user.own(passwordFile);
        Files.createDirectory(data);
        user.own(data);
        // C.UTF-8 orders by code point, as CockroachDB does, and needs no locale of the machine.
        ChildProcess initdb = ChildProcess.start(
                directory,
                name + "-initdb",
                user.command(List.of(
                        programs.resolve("initdb").toString(),
                        "--pgdata=" + data,
                        "--username=" + USER,
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--no-sync",
                        "--no-instructions")),
                environment());
        int code = initdb.awaitExit(STARTS_WITHIN);
        if (code != 0) {
            throw new IllegalStateException("initdb of " + name + " ended with " + code + "\n" + initdb.logTail());
        }
        Files.delete(passwordFile);
    }

    /** A C locale keeps messages in English. */
    private static Map<String, String> environment() {
        return Map.of("LC_ALL", "C");
    }

    private void startOnFreePort() throws IOException {
        boolean fixed = settings.containsKey("port");
        for (int attempt = 1; ; attempt++) {
            port = fixed ? Integer.parseInt(settings.get("port")) : FreePorts.next();
            try {
                launch();
                return;
            } catch (IllegalStateException e) {
                // Somebody was quicker. With a fixed port that is the caller's matter.
                boolean taken = process != null && process.logTail().contains("could not bind");
                if (fixed || !taken || attempt == PORTS_TRIED_MAX) {
                    throw e;
                }
            }
        }
    }

    private void launch() throws IOException {
        Map<String, String> all = defaults();
        all.putAll(settings);
        all.put("port", Integer.toString(port));
        List<String> command =
                new ArrayList<>(List.of(programs.resolve("postgres").toString(), "-D", data.toString()));
        all.forEach((key, value) -> command.addAll(List.of("-c", key + "=" + value)));
        process = ChildProcess.start(directory, name, user.command(command), environment());
        try {
            Until.holds(
                    "PostgreSQL " + name + " answers on port " + port,
                    STARTS_WITHIN,
                    () -> process.isAlive() ? null : "it has ended\n" + process.logTail(),
                    this::answers);
        } catch (RuntimeException e) {
            process.kill();
            throw e;
        }
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("listen_addresses", "127.0.0.1");
        // A socket's path may have about 100 characters, fewer than many temporary directories have.
        defaults.put("unix_socket_directories", "");
        defaults.put("wal_level", "logical");
        defaults.put("max_replication_slots", "40");
        defaults.put("max_wal_senders", "40");
        defaults.put("max_connections", "200");
        // The data does not outlive the machine, so it need not survive its crash; it does survive a crash of the
        // server, because
        // what the server has written stays in the memory of the operating system.
        defaults.put("fsync", "off");
        defaults.put("full_page_writes", "off");
        defaults.put("shared_buffers", "64MB");
        defaults.put("max_wal_size", "1GB");
        defaults.put("timezone", "UTC");
        defaults.put("log_timezone", "UTC");
        return defaults;
    }

    /** Whether this very server answers: where the port was taken it might be another one with the same password. */
    private boolean answers() throws SQLException {
        DatabaseUrl url = url(USER);
        Properties properties = url.jdbcProperties();
        properties.setProperty("loginTimeout", "2");
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), properties);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW data_directory")) {
            return row.next() && row.getString(1).equals(data.toString());
        }
    }

    private Connection open(String database) throws SQLException {
        DatabaseUrl url = url(database);
        return DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
    }

    @Override
    public DatabaseUrl url(String database) {
        return DatabaseUrl.parse(name, "postgresql://" + USER + ":" + PASSWORD + "@127.0.0.1:" + port + "/" + USER)
                .withDatabase(database);
    }

    @Override
    public DatabaseUrl createDatabase(String database) {
        try (Connection connection = open(USER);
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

    /** The process id of the server. */
    public long pid() {
        return process.pid();
    }

    /** Fast shutdown: connections are closed, the data is consistent, nothing answers when this returns. */
    public void stop() {
        process.stop("INT", STOPS_WITHIN);
    }

    /** Ends as in a crash: without a checkpoint. Committed data is there after {@link #restart()}. */
    public void kill() {
        process.stop("QUIT", STOPS_WITHIN);
    }

    /** Stops if it runs, and starts again with the same data on the same port; returns when it answers. */
    public void restart() {
        stop();
        try {
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the server and removes its data. Idempotent. */
    @Override
    public void close() {
        if (process != null) {
            kill();
        }
        if (ownsDirectory) {
            directory.close();
        }
    }

    @Override
    public String toString() {
        return name + " (PostgreSQL on port " + port + ")";
    }
}
