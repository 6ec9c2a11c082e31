package dev.godwit.connectors;

import dev.godwit.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** In a container, insecure. {@code GODWIT_COCKROACH_IMAGE} names another image or version. */
@Tag("container")
@ExtendWith({CockroachContainerTest.Engine.class, TestStack.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CockroachContainerTest extends CockroachContract {
    private static final int SQL_PORT = 26257;
    private static final int HTTP_PORT = 8080;

    private GenericContainer<?> container;

    /** Is asked before any server is started. */
    static final class Engine implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return DockerClientFactory.instance().isDockerAvailable()
                    ? ConditionEvaluationResult.enabled("there is a container engine")
                    : ConditionEvaluationResult.disabled(
                            "there is no container engine, so nothing was tried on a CockroachDB in a container");
        }
    }

    @BeforeAll
    void start() {
        String image = System.getenv().getOrDefault("GODWIT_COCKROACH_IMAGE", "cockroachdb/cockroach:latest");
        container = new GenericContainer<>(DockerImageName.parse(image))
                .withCommand("start-single-node", "--insecure")
                .withExposedPorts(SQL_PORT, HTTP_PORT)
                .waitingFor(
                        Wait.forHttp("/health?ready=1").forPort(HTTP_PORT).withStartupTimeout(Duration.ofMinutes(3)));
        container.start();
    }

    @AfterAll
    void stop() {
        if (container != null) {
            container.stop();
        }
    }

    private DatabaseUrl url(String database) {
        return DatabaseUrl.parse(
                "container",
                "cockroachdb://root@" + container.getHost() + ":" + container.getMappedPort(SQL_PORT) + "/" + database
                        + "?sslmode=disable");
    }

    @Override
    DatabaseUrl createDatabase(String name) throws Exception {
        DatabaseUrl admin = url("defaultdb");
        try (Connection connection = DriverManager.getConnection(admin.jdbcUrl(), admin.jdbcProperties());
                Statement statement = connection.createStatement()) {
            statement.execute("SET CLUSTER SETTING kv.rangefeed.enabled = true");
            statement.execute("CREATE DATABASE " + name);
        }
        return url(name);
    }

    /** The broker of the tests listens on the loopback address of the host. */
    @Override
    boolean reachesKafka() {
        return false;
    }
}
