package dev.godwit.fetch.importinto;

import dev.godwit.database.Database;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.postgresql.PGConnection;

/**
 * Does the jobs that {@link CockroachFront} takes on: reads the files over HTTP or from its own directory, as a cluster would, and has all their rows in the
 * table or none.
 */
public final class ImportJobs implements AutoCloseable {
    private static final Pattern IMPORT =
            Pattern.compile("IMPORT INTO (.*) PGCOPY DATA \\((.*)\\) WITH (.*)", Pattern.DOTALL);
    private static final Pattern URL = Pattern.compile("'([^']*)'");

    private final Database postgres;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "import-jobs");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean held;
    private volatile Path externalDirectory;

    public ImportJobs(Database postgres) throws SQLException {
        this.postgres = postgres;
        execute("CREATE SCHEMA stand_in");
        execute("CREATE TABLE stand_in.jobs (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (START 900000000001),"
                + " statement text NOT NULL, status text NOT NULL DEFAULT 'running', fraction_completed float8 NOT NULL"
                + " DEFAULT 0, error text NOT NULL DEFAULT '')");
        execute(
                "CREATE TABLE stand_in.feeds (job_id bigint, status text, full_table_names text[], database_name text)");
        execute("CREATE VIEW stand_in.constraints AS SELECT *, pg_get_constraintdef(oid) AS condef FROM pg_constraint");
        // Types that PostgreSQL calls otherwise.
        execute("CREATE DOMAIN public.string AS text");
        execute("CREATE DOMAIN public.bytes AS bytea");
        Future<?> unused = worker.scheduleWithFixedDelay(this::work, 0, 20, TimeUnit.MILLISECONDS);
    }

    /** Jobs pause, as at a pause point of CockroachDB's, until this is taken back. */
    public void hold(boolean value) throws SQLException {
        held = value;
        if (!value) {
            execute("UPDATE stand_in.jobs SET status = 'running', error = '' WHERE status = 'paused'");
        }
    }

    /** What {@code nodelocal://1/} stands for. */
    public void externalDirectoryIs(Path directory) {
        externalDirectory = directory;
    }

    private InputStream open(String url) throws IOException {
        return url.startsWith("nodelocal://1/")
                ? Files.newInputStream(
                        externalDirectory.resolve(URI.create(url).getPath().substring(1)))
                : URI.create(url).toURL().openStream();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = postgres.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void work() {
        try (Connection connection = postgres.open()) {
            connection.setAutoCommit(false);
            if (held) {
                pauseAll(connection);
            }
            while (!held && workOne(connection)) {
                // the next one
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e); // no further job is done, and the test says that one is missing
        }
    }

    private static void pauseAll(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE stand_in.jobs SET status = 'paused', fraction_completed = 0.5, error ="
                    + " 'pause point \"import.after_ingest\" hit' WHERE status = 'running'");
        }
        connection.commit();
    }

    private boolean workOne(Connection connection) throws SQLException {
        long job;
        String sql;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT id, statement FROM stand_in.jobs WHERE status = 'running' ORDER BY id LIMIT 1 FOR UPDATE")) {
            if (!row.next()) {
                return false;
            }
            job = row.getLong(1);
            sql = row.getString(2);
        }
        try {
            bring(connection, sql);
            end(connection, job, "succeeded", "");
        } catch (SQLException | IOException e) {
            connection.rollback();
            boolean collides = e instanceof SQLException failed && "23505".equals(failed.getSQLState());
            end(connection, job, "failed", collides ? "ingested key collides with an existing one" : String.valueOf(e));
        }
        connection.commit();
        return true;
    }

    private static void end(Connection connection, long job, String status, String error) throws SQLException {
        try (var statement = connection.prepareStatement(
                "UPDATE stand_in.jobs SET status = ?, error = ?, fraction_completed = 1 WHERE id = ?")) {
            statement.setString(1, status);
            statement.setString(2, error);
            statement.setLong(3, job);
            statement.executeUpdate();
        }
    }

    private void bring(Connection connection, String sql) throws SQLException, IOException {
        Matcher parts = IMPORT.matcher(sql);
        if (!parts.matches()) {
            throw new SQLException("syntax error: " + sql);
        }
        boolean gzip = parts.group(3).contains("decompress = 'gzip'");
        Matcher url = URL.matcher(parts.group(2));
        while (url.find()) {
            try (InputStream file = open(url.group(1))) {
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY " + parts.group(1) + " FROM STDIN", gzip ? new GZIPInputStream(file) : file);
            }
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
