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
import java.util.concurrent.atomic.AtomicInteger;

/** An empty database of a CockroachDB, or of its stand-in, with what a test of {@code IMPORT INTO} does to the cluster. */
public interface CockroachCluster extends AutoCloseable {

    /** For the test's own statements. */
    Database database();

    /** As a user of Godwit would name it. */
    Database asGodwitSeesIt();

    /** How the import jobs of this database have ended, or what they do. */
    List<String> jobStatuses() throws SQLException;

    /** Import jobs stay where they are, before their end, until this is taken back. */
    void hold(boolean value) throws SQLException;

    /** What {@code nodelocal://1/} stands for. */
    Path externalDirectory(Path directory);

    @Override
    void close();

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
            private static final CockroachServer SHARED = CockroachServer.start("fetch");
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
        public void close() {
            // The server stays for the next test.
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
        public void hold(boolean value) {
            jobs.hold(value);
        }

        @Override
        public Path externalDirectory(Path directory) {
            jobs.externalDirectoryIs(directory);
            return directory;
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
