package dev.godwit.fetch;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.fetch.importinto.CockroachFront;
import dev.godwit.fetch.importinto.ImportJobs;
import dev.godwit.local.CockroachServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** An empty database of a CockroachDB, or of its stand-in, with what a test of {@code IMPORT INTO} does to the cluster. */
public interface CockroachCluster extends AutoCloseable {

    /** For the test's own statements. */
    Database database();

    /** As a user of Godwit would name it. */
    Database asGodwitSeesIt();

    /** How the import jobs of this database have ended, or what they do; in the order in which they began. */
    List<String> jobStatuses() throws SQLException;

    /** Import jobs pause before their end until this is taken back. May be taken back several times: a job may be about to pause just then. */
    void hold(boolean value) throws SQLException;

    /**
     * What {@code nodelocal://1/} stands for.
     *
     * @param directory used where the cluster has none yet
     */
    Path externalDirectory(Path directory);

    /** Creates a changefeed that watches a table of this database. Returns its job; empty where the cluster has no licence for one. */
    Optional<String> watch(String table) throws SQLException;

    /** Brings about in one session what PostgreSQL has not: by CockroachDB's own statements, or by changing what the stand-in shows. */
    void execute(List<String> onCockroach, List<String> onStandIn) throws SQLException;

    @Override
    void close() throws SQLException;

    /** On the user's program, which all tests of the module share; on the stand-in if that is asked for. */
    static CockroachCluster shared(TestDatabases databases) {
        return CockroachFound.isStandIn() ? standIn(databases.target) : Real.create();
    }

    /** Before this PostgreSQL. */
    static CockroachCluster standIn(Database postgres) {
        try {
            return new StandIn(postgres);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** On a node that ends with the JVM. */
    final class Real implements CockroachCluster {
        private static final AtomicInteger COUNT = new AtomicInteger();

        private static final class Server {
            private static final CockroachServer SHARED = start();

            private static CockroachServer start() {
                CockroachServer server = CockroachServer.start("fetch");
                Database all = Database.connect("all", server.url("defaultdb"));
                try {
                    // A job that is cancelled would be seen to within 10 s, and what it wrote be taken back 30 s later.
                    TestDatabases.execute(
                            all,
                            "SET CLUSTER SETTING jobs.registry.interval.cancel = '1s'",
                            "SET CLUSTER SETTING jobs.registry.interval.adopt = '1s'");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                return server;
            }
        }

        private final Database database;
        private final String begun;

        private Real(Database database) {
            this.database = database;
            this.begun = one("SELECT now()::STRING");
        }

        static Real create() {
            return new Real(
                    Database.connect("target", Server.SHARED.createDatabase("target" + COUNT.incrementAndGet())));
        }

        private String one(String sql) {
            try {
                return TestDatabases.one(database, sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Database database() {
            return database;
        }

        @Override
        public Database asGodwitSeesIt() {
            return database;
        }

        @Override
        public List<String> jobStatuses() throws SQLException {
            return TestDatabases.rows(
                    database,
                    "SELECT status FROM [SHOW JOBS] WHERE job_type = 'IMPORT' AND created >= '" + begun
                            + "'::TIMESTAMPTZ ORDER BY job_id");
        }

        /** The job pauses itself when all rows are in, and before its table is online again. */
        @Override
        public void hold(boolean value) throws SQLException {
            TestDatabases.execute(
                    database,
                    "SET CLUSTER SETTING jobs.debug.pausepoints = '" + (value ? "import.after_ingest" : "") + "'");
            if (!value) {
                for (String job : TestDatabases.rows(
                        database, "SELECT job_id FROM [SHOW JOBS] WHERE job_type = 'IMPORT' AND status = 'paused'")) {
                    TestDatabases.execute(database, "RESUME JOB " + job);
                }
            }
        }

        @Override
        public Path externalDirectory(Path directory) {
            return Server.SHARED.externalDirectory();
        }

        @Override
        public Optional<String> watch(String table) throws SQLException {
            try {
                return Optional.of(TestDatabases.one(
                        database,
                        "CREATE CHANGEFEED FOR TABLE \"" + table + "\" INTO 'null://' WITH initial_scan = 'no'"));
            } catch (SQLException e) {
                if (e.getMessage().contains("license")) {
                    return Optional.empty();
                }
                throw e;
            }
        }

        @Override
        public void execute(List<String> onCockroach, List<String> onStandIn) throws SQLException {
            TestDatabases.execute(database, onCockroach.toArray(String[]::new));
        }

        /** The server stays for the next test. */
        @Override
        public void close() throws SQLException {
            hold(false);
            TestDatabases.execute(
                    database,
                    "CANCEL JOBS SELECT job_id FROM [SHOW CHANGEFEED JOBS] WHERE status IN ('running', 'paused')");
        }
    }

    /** {@link CockroachFront} with {@link ImportJobs}. */
    final class StandIn implements CockroachCluster {
        private final Database postgres;
        private final Database seen;
        private final CockroachFront front;
        private final ImportJobs jobs;

        private StandIn(Database postgres) throws IOException, SQLException {
            this.postgres = postgres;
            URI uri = URI.create(postgres.url().jdbcUrl().substring("jdbc:".length()));
            front = new CockroachFront(uri.getHost(), uri.getPort());
            jobs = new ImportJobs(postgres);
            String text = postgres.url()
                            .withPassword()
                            .replace(uri.getHost() + ":" + uri.getPort(), "127.0.0.1:" + front.port())
                    + "?sslmode=disable";
            seen = Database.connect("target", DatabaseUrl.parse("target", text));
        }

        @Override
        public Database database() {
            return postgres;
        }

        @Override
        public Database asGodwitSeesIt() {
            return seen;
        }

        @Override
        public List<String> jobStatuses() throws SQLException {
            return TestDatabases.rows(postgres, "SELECT status FROM stand_in.jobs ORDER BY id");
        }

        @Override
        public void hold(boolean value) throws SQLException {
            jobs.hold(value);
        }

        @Override
        public Path externalDirectory(Path directory) {
            jobs.externalDirectoryIs(directory);
            return directory;
        }

        @Override
        public Optional<String> watch(String table) throws SQLException {
            TestDatabases.execute(
                    postgres,
                    "INSERT INTO stand_in.feeds VALUES (7, 'paused', ARRAY[current_database() || '.public." + table
                            + "'])");
            return Optional.of("7");
        }

        @Override
        public void execute(List<String> onCockroach, List<String> onStandIn) throws SQLException {
            TestDatabases.execute(postgres, onStandIn.toArray(String[]::new));
        }

        @Override
        public void close() {
            try {
                jobs.close();
                front.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
