package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a real worker does only at bad moments. */
class ConnectClientTest {
    private final Queue<Map.Entry<Integer, String>> replies = new ArrayDeque<>();
    private HttpServer server;
    private ConnectClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Map.Entry<Integer, String> reply = replies.remove();
            byte[] body = reply.getValue().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.getKey(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new ConnectClient("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void reply(int status, String body) {
        replies.add(Map.entry(status, body));
    }

    @Test
    void triesAgainWhileWorkersRebalance() {
        reply(
                409,
                "{\"error_code\":409,\"message\":\"Cannot complete request momentarily due to stale configuration\"}");
        reply(503, "");
        reply(202, "");
        client.pause("c");
        assertThat(replies).isEmpty();
    }

    @Test
    void saysAtOnceThatAConnectorIsThereAlready() {
        reply(409, "{\"error_code\":409,\"message\":\"Connector c already exists\"}");
        assertThatThrownBy(() -> client.createStopped("c", Map.of()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("Connector c already exists");
    }

    @Test
    void turnsErrorsIntoWordsWithoutPasswords() {
        reply(
                400,
                "{\"message\":\"Connector configuration is invalid and contains the following 1 error(s):\\nbad password=geheim\\n"
                        + "You can also find the above list of errors at the endpoint `/x/config/validate`\"}");
        assertThatThrownBy(() -> client.putConfiguration("c", Map.of()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("contains the following 1 error(s): bad password=***")
                .hasMessageNotContainingAny("geheim", "endpoint");
    }

    @Test
    void tellsAbsentFromFailed() {
        reply(404, "{\"message\":\"No status found for connector c\"}");
        assertThat(client.status("c")).isEmpty();
        reply(500, "<html>oops</html>");
        assertThatThrownBy(() -> client.status("c"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("status 500");
    }

    @Test
    void readsStatesAndReasons() {
        reply(
                200,
                "{\"name\":\"c\",\"connector\":{\"state\":\"RUNNING\"},\"tasks\":[{\"id\":0,\"state\":\"FAILED\",\"trace\":\"a.BException: why\\n\\tat x\"}]}");
        ConnectorStatus status = client.status("c").orElseThrow();
        assertThat(status.isRunning()).isFalse();
        assertThat(status.failure()).contains("why");
    }

    @Test
    void refusesAnUnreadableUrl() {
        for (String url : List.of("localhost:8083", "ftp://x", "http://", "http://a b")) {
            assertThatThrownBy(() -> new ConnectClient(url)).isInstanceOf(RefusedException.class);
        }
    }
}
