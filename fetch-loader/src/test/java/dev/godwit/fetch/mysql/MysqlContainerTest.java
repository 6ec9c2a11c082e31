package dev.godwit.fetch.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.mysql.MysqlServerCheck;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** MySQL 8.4 in a container, by -Dgodwit.excluded.tags= where there is an engine; and 5.7, which is refused. */
@Tag("container")
class MysqlContainerTest extends MysqlTypesContract {
    private static final int PORT = 3306;

    private final GenericContainer<?> container = start("mysql:8.4");

    private static GenericContainer<?> start(String image) {
        return new GenericContainer<>(DockerImageName.parse(image))
                .withEnv("MYSQL_ROOT_PASSWORD", "local-secret")
                .withCommand(
                        "--gtid-mode=ON",
                        "--enforce-gtid-consistency=ON",
                        "--log-bin=mysql-bin",
                        "--server-id=1",
                        "--binlog-format=ROW",
                        "--default-time-zone=-03:30",
                        "--character-set-server=latin1")
                .withExposedPorts(PORT)
                // Once for the server that makes the data, once for the one that stays.
                .waitingFor(Wait.forLogMessage(".*ready for connections.*port: 3306.*", 1)
                        .withStartupTimeout(Duration.ofMinutes(3)));
    }

    @BeforeAll
    void start() {
        container.start();
    }

    @AfterAll
    void stop() {
        container.stop();
    }

    private static DatabaseUrl url(GenericContainer<?> container, String database) {
        return DatabaseUrl.parse(
                "source",
                "mysql://root:local-secret@" + container.getHost() + ":" + container.getMappedPort(PORT) + "/"
                        + database);
    }

    @Override
    DatabaseUrl createDatabase(String name) {
        DatabaseUrl admin = url(container, "mysql");
        try (Connection connection = DriverManager.getConnection(admin.jdbcUrl(), admin.jdbcProperties());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
            return url(container, name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void mysql57IsRefusedForItsVersion() throws SQLException {
        try (GenericContainer<?> old = start("mysql:5.7")) {
            old.start();
            DatabaseUrl url = url(old, "mysql");
            try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties())) {
                assertThat(MysqlServerCheck.problems(connection, false))
                        .anySatisfy(problem -> assertThat(problem.message()).contains("5.7", "8.0.19"));
            }
        }
    }
}
