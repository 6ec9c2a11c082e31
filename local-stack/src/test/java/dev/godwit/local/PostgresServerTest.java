package dev.godwit.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PostgresServerTest {

    @Test
    void startsReadyForLogicalReplicationAndIsGoneAfterClose() throws Exception {
        long pid;
        int port;
        Path directory;
        try (PostgresServer server = PostgresServer.start("gone")) {
            pid = server.pid();
            port = server.port();
            directory = directoryOf(pid);
            Database database = Database.connect("source", server.createDatabase("shop \"quoted\""));
            assertThat(database.version()).startsWith("PostgreSQL 17");
            assertThat(query(database, "SHOW wal_level")).isEqualTo("logical");
            assertThat(query(database, "SELECT upper('straße é')")).isEqualTo("STRAßE É");
            assertThat(query(database, "SELECT current_database()")).isEqualTo("shop \"quoted\"");
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(FreePorts.isTaken(port)).isFalse();
        assertThat(directory).doesNotExist();
    }

    @Test
    void refusesAWrongPasswordAndKeepsDataOverStopKillAndRestart() throws Exception {
        try (PostgresServer server = PostgresServer.start("keeps", Map.of("max_replication_slots", "3"))) {
            DatabaseUrl wrong =
                    DatabaseUrl.parse("test", "postgresql://postgres:wrong@127.0.0.1:" + server.port() + "/postgres");
            assertThatThrownBy(() -> Database.connect("source", wrong)).isInstanceOf(RefusedException.class);
            Database database = Database.connect("source", server.url("postgres"));
            assertThat(query(database, "SHOW max_replication_slots")).isEqualTo("3");
            execute(database, "CREATE TABLE t (id INT PRIMARY KEY)");
            execute(database, "INSERT INTO t VALUES (1)");
            server.kill();
            assertThatThrownBy(database::open).isInstanceOf(SQLException.class);
            server.restart();
            execute(database, "INSERT INTO t VALUES (2)");
            server.stop();
            assertThatThrownBy(database::open).isInstanceOf(SQLException.class);
            server.restart();
            assertThat(query(database, "SELECT string_agg(id::text, ',' ORDER BY id) FROM t"))
                    .isEqualTo("1,2");
        }
    }

    @Test
    void runsAsNobodyWhereRootMayNotHaveANameSpaceOfItsOwn() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")) && Unprivileged.NOBODY.works());
        try (PostgresServer server = PostgresServer.start("nobody", Map.of(), Unprivileged.NOBODY)) {
            assertThat(query(Database.connect("source", server.url("postgres")), "SHOW wal_level"))
                    .isEqualTo("logical");
            assertThat(Files.getOwner(directoryOf(server.pid()).resolve("nobody-data"))
                            .getName())
                    .isEqualTo("nobody");
        }
        assertThat(directoriesNamed("godwit-nobody-")).isEmpty();
    }

    @Test
    void afterAFailedStartNothingIsLeft() throws Exception {
        assertThatThrownBy(() -> PostgresServer.start("failed-setting", Map.of("wal_level", "sometimes")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sometimes");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThatThrownBy(() -> PostgresServer.start("failed-port", Map.of("port", port)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("could not bind");
        }
        assertThat(directoriesNamed("godwit-failed-")).isEmpty();
    }

    @Test
    void isGoneWhenTheJvmThatStartedItIsKilled() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        PostgresServerTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            long pid = Long.parseLong(output.readLine());
            Path directory = directoryOf(pid);
            assertThat(directory).isDirectory();
            assertThat(ProcessHandle.of(pid)).isPresent();
            jvm.destroyForcibly().waitFor();
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                assertThat(ProcessHandle.of(pid)).isEmpty();
                assertThat(directory).doesNotExist();
            });
        } finally {
            jvm.destroyForcibly();
        }
    }

    /** The child JVM of the test above: starts a server, tells its pid, and waits to be killed. */
    public static void main(String[] arguments) throws InterruptedException {
        PostgresServer server = PostgresServer.start("orphan");
        System.out.println(server.pid());
        Thread.currentThread().join();
    }

    private static Path directoryOf(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            List<Path> found = all.filter(path -> path.getFileName().toString().startsWith("godwit-"))
                    .filter(path -> hasPidFile(path, pid))
                    .toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    private static boolean hasPidFile(Path directory, long pid) {
        File[] files = directory.toFile().listFiles((folder, name) -> name.endsWith(".pid"));
        return files != null
                && Stream.of(files).anyMatch(file -> Long.toString(pid).equals(content(file)));
    }

    private static String content(File file) {
        try {
            return Files.readString(file.toPath()).trim();
        } catch (IOException e) {
            return ""; // another server's, gone in the meantime
        }
    }

    private static List<Path> directoriesNamed(String prefix) throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }

    private static String query(Database database, String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(Database database, String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
