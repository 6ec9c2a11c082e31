package dev.godwit.local;

import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Optional;
import java.util.Properties;

/**
 * A real MySQL server on a free loopback port, with temporary data: {@link #close()} leaves nothing behind, and neither does a JVM that is
 * killed. It has global transaction ids and a full binary log, and really asks for passwords. Not thread-safe, except that connections may be
 * opened from anywhere.
 */
public final class MysqlServer implements DatabaseServer {
    /** A user who may do everything, from everywhere. */
    public static final String USER = "godwit";
    /** That user's password. */
    public static final String PASSWORD = "local-secret";

    static final String REDO_LOG = "32M";

    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
    private static final Duration STOPS_WITHIN = Duration.ofMinutes(1);
    private static final int PORTS_TRIED_MAX = 5;

    private final String name;
    private final Map<String, String> settings;
    private final WorkDirectory directory;
    private final boolean ownsDirectory;
    private final Path data;
    private Path program;
    private int port;
    private ChildProcess process;

    private MysqlServer(String name, Map<String, String> settings, WorkDirectory directory, boolean ownsDirectory) {
        this.name = name;
        this.settings = Map.copyOf(settings);
        this.directory = directory;
        this.ownsDirectory = ownsDirectory;
        this.data = directory.path().resolve(name + "-data");
    }

    /** Starts a server with empty data; returns when it answers. */
    public static MysqlServer start(String name) {
        return start(name, Map.of());
    }

    /**
     * @param name tells servers apart in directory and log names: letters, digits and hyphens
     * @param settings server settings that replace the defaults, for example {@code gtid-mode}; {@code port} if it must be a certain one
     * @throws dev.godwit.database.RefusedException if there is no mysqld that runs on this machine
     * @throws IllegalStateException if it does not come up, with the end of its log
     */
    public static MysqlServer start(String name, Map<String, String> settings) {
        WorkDirectory directory = WorkDirectory.create(name);
        try {
            return start(name, settings, directory, true);
        } catch (RuntimeException | Error e) {
            directory.close();
            throw e;
        }
    }

    /** In the directory of a whole stack, which stays when the server is closed. */
    static MysqlServer start(String name, Map<String, String> settings, WorkDirectory directory) {
        return start(name, settings, directory, false);
    }

    private static MysqlServer start(
            String name, Map<String, String> settings, WorkDirectory directory, boolean ownsDirectory) {
        MysqlServer server = new MysqlServer(name, settings, directory, ownsDirectory);
        try {
            server.program = MysqlBinaries.program();
            MysqlData.create(server.program, directory, server.data);
            server.startOnFreePort();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Why no MySQL can be started on this machine; empty if one can. Fetches the program if that has not been done yet, which takes a while.
     */
    public static Optional<RefusedException> whyNot() {
        try {
            MysqlBinaries.program();
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e);
        } catch (IOException e) {
            return Optional.of(new RefusedException(
                    "MySQL cannot be fetched: " + e.getMessage(), "let GODWIT_MYSQLD name a mysqld of your own", e));
        }
    }

    /** What every start of the program needs. */
    static List<String> command(Path program) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--no-defaults"));
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--user=root"); // it refuses to run as root unless it is told to
        }
        return command;
    }

    private void startOnFreePort() throws IOException {
        boolean fixed = settings.containsKey("port");
        for (int attempt = 1; ; attempt++) {
            port = fixed ? Integer.parseInt(settings.get("port")) : FreePorts.next();
            try {
                launch();
                return;
            } catch (IllegalStateException e) {
                boolean taken = process != null && process.logTail().contains("Address already in use");
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
        List<String> command = new ArrayList<>(command(program));
        command.add("--datadir=" + data);
        all.forEach((key, value) -> command.add("--" + key + "=" + value));
        process = ChildProcess.start(directory, name, command, Map.of());
        try {
            Until.holds(
                    "MySQL " + name + " answers on port " + port,
                    STARTS_WITHIN,
                    () -> process.isAlive() ? null : "it has ended\n" + process.logTail(),
                    this::answers);
        } catch (RuntimeException e) {
            process.kill();
            throw e;
        }
    }

    private Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("bind-address", "127.0.0.1");
        // Relative to the data directory: the path of a socket may have about 100 characters.
        defaults.put("socket", "mysqld.sock");
        defaults.put("pid-file", "mysqld.pid");
        defaults.put("mysqlx", "OFF");
        defaults.put("server-id", "1");
        defaults.put("gtid-mode", "ON");
        defaults.put("enforce-gtid-consistency", "ON");
        defaults.put("log-bin", "mysql-bin");
        defaults.put("binlog-format", "ROW");
        defaults.put("binlog-row-image", "FULL");
        defaults.put("binlog-row-metadata", "FULL");
        defaults.put("default-time-zone", "+00:00");
        defaults.put("max-connections", "200");
        defaults.put("performance-schema", "OFF");
        defaults.put("innodb-buffer-pool-size", "64M");
        defaults.put("innodb-redo-log-capacity", REDO_LOG);
        // The data does not outlive the machine, so it need not survive its crash; it does survive a crash of the
        // server, because what the server has written stays in the memory of the operating system.
        defaults.put("innodb-flush-log-at-trx-commit", "2");
        defaults.put("sync-binlog", "0");
        defaults.put("skip-innodb-doublewrite", "1");
        return defaults;
    }

    /** Whether this very server answers: where the port was taken it might be another one with the same password. */
    private boolean answers() throws SQLException {
        DatabaseUrl url = url("mysql");
        Properties properties = url.jdbcProperties();
        properties.setProperty("connectTimeout", "2000");
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), properties);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@datadir")) {
            return row.next() && Path.of(row.getString(1)).equals(data);
        }
    }

    @Override
    public DatabaseUrl url(String database) {
        return DatabaseUrl.parse(name, "mysql://" + USER + ":" + PASSWORD + "@127.0.0.1:" + port + "/mysql")
                .withDatabase(database);
    }

    @Override
    public DatabaseUrl createDatabase(String database) {
        DatabaseUrl url = url("mysql");
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE `" + database.replace("`", "``") + "`");
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

    /** Orderly shutdown; nothing answers when this returns. */
    public void stop() {
        process.stop("TERM", STOPS_WITHIN);
    }

    /** Ends as in a crash. Committed data is there after {@link #restart()}. */
    public void kill() {
        process.kill();
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
            process.kill();
        }
        if (ownsDirectory) {
            directory.close();
        }
    }

    @Override
    public String toString() {
        return name + " (MySQL on port " + port + ")";
    }
}
