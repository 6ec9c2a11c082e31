package dev.godwit.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.dialect.FailureClass;
import dev.godwit.local.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class ConnectTest {
    private static final String WRONG = "wr0ng-s3cret";

    private static RefusedException refusal(String userAndPassword, int port, String rest) {
        DatabaseUrl url =
                DatabaseUrl.parse("--target", "postgresql://" + userAndPassword + "@127.0.0.1:" + port + "/" + rest);
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> Database.connect("target", url));
        assertThat(refused).isNotNull();
        assertThat(refused.getMessage() + refused.remedy() + refused.getCause())
                .doesNotContain(WRONG)
                .doesNotContain(PostgresServer.PASSWORD);
        assertThat(refused.getMessage()).contains("the target at 127.0.0.1:" + port);
        return refused;
    }

    private static String good() {
        return PostgresServer.USER + ":" + PostgresServer.PASSWORD;
    }

    @Test
    void tellsProductAndVersion(PostgresServer server) {
        Database database = Database.connect("source", server.url("postgres"));
        assertThat(database.product()).isEqualTo(Product.POSTGRESQL);
        assertThat(database.version()).startsWith("PostgreSQL ");
        assertThat(database.toString()).startsWith("source postgresql://").doesNotContain(PostgresServer.PASSWORD);
    }

    @Test
    void refusesAWrongPassword(PostgresServer server) {
        RefusedException refused = refusal("postgres:" + WRONG, server.port(), "postgres");
        assertThat(refused).hasMessageContaining("refuses user \"postgres\"");
        assertThat(refused.remedy()).isEqualTo("check user and password in the target URL");
    }

    @Test
    void refusesAMissingPassword(PostgresServer server) {
        RefusedException refused = refusal("postgres", server.port(), "postgres");
        assertThat(refused).hasMessageContaining("wants a password for user \"postgres\"");
        assertThat(refused.remedy()).contains("password into the target URL");
    }

    @Test
    void refusesAnUnknownUser(PostgresServer server) {
        assertThat(refusal("nobody:" + WRONG, server.port(), "postgres"))
                .hasMessageContaining("refuses user \"nobody\"");
    }

    @Test
    void refusesAnUnknownDatabase(PostgresServer server) {
        RefusedException refused = refusal(good(), server.port(), "no%20such");
        assertThat(refused).hasMessageContaining("has no database \"no such\"");
        assertThat(refused.remedy()).contains("create the database");
    }

    @Test
    void refusesAClosedPort() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        RefusedException refused = refusal(good(), port, "postgres");
        assertThat(refused).hasMessageStartingWith("cannot reach the target");
        assertThat(refused.remedy()).contains("check host and port");
    }

    @Test
    @Timeout(60)
    void refusesAPortThatNeverAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(refusal(good(), silent.getLocalPort(), "postgres?sslmode=disable&loginTimeout=2"))
                    .hasMessageStartingWith("cannot reach the target");
        }
    }

    @Test
    void refusesAServerWithoutTheEncryptionAskedFor(PostgresServer server) {
        assertThat(refusal(good(), server.port(), "postgres?sslmode=require")).hasMessageContaining("SSL");
    }

    @Test
    void connectsToADatabaseOfAnyName(PostgresServer server) throws SQLException {
        Database database = Database.connect("source", server.createDatabase("My +/%? \"Shop\" ä"));
        assertThat(SharedServer.column(database, "SELECT current_database()")).containsExactly("My +/%? \"Shop\" ä");
        Properties more = new Properties();
        more.setProperty("ApplicationName", "other");
        try (Connection connection = database.open(more)) {
            assertThat(SharedServer.column(connection, "SHOW application_name")).containsExactly("other");
        }
    }

    @Test
    void aPoolOpensNoMoreThanItMay(PostgresServer server) throws SQLException {
        Database database = SharedServer.database(server);
        try (HikariDataSource pool = database.pool("pool-test", 1)) {
            pool.setConnectionTimeout(300);
            try (Connection only = pool.getConnection()) {
                assertThat(SharedServer.column(only, "SHOW application_name")).containsExactly("pool-test");
                assertThatThrownBy(pool::getConnection)
                        .isInstanceOfSatisfying(SQLException.class, failure -> assertThat(
                                        database.dialect().classify(failure))
                                .isEqualTo(FailureClass.RECONNECT));
            }
        }
    }

    @Test
    void aKilledConnectionCountsAsLost(PostgresServer server) throws SQLException {
        Database database = SharedServer.database(server);
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            String pid =
                    SharedServer.column(connection, "SELECT pg_backend_pid()").get(0);
            SharedServer.execute(database, "SELECT pg_terminate_backend(" + pid + ")");
            assertThatThrownBy(() -> statement.execute("SELECT 1"))
                    .isInstanceOfSatisfying(SQLException.class, failure -> assertThat(
                                    database.dialect().classify(failure))
                            .isEqualTo(FailureClass.RECONNECT));
        }
    }
}
