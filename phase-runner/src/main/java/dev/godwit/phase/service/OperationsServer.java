package dev.godwit.phase.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.godwit.apply.Health;
import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET} on {@code /metrics}, {@code /health/live} and {@code /health/ready}. The health pages say 200 or
 * 503, and why, in one line of plain text.
 */
public final class OperationsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperationsServer.class);
    private static final String PLAIN_TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads;

    private OperationsServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /** What a page says. */
    private record Page(int status, String type, String text) {}

    /**
     * Answers as soon as this returns, in threads of its own.
     *
     * @param metrics the text of {@code /metrics}; asked for each request
     * @param health asked for each request; may take some seconds
     * @throws RefusedException if the address cannot be listened on
     */
    public static OperationsServer start(InetSocketAddress address, Supplier<String> metrics, Supplier<Health> health) {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new RefusedException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage(),
                    "choose another --metrics-addr; port 0 is any free one",
                    e);
        }
        ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "operations-http");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        page(server, "/metrics", () -> new Page(200, PROMETHEUS_TEXT, metrics.get()));
        page(server, "/health/live", () -> health(health.get(), Health::live));
        page(server, "/health/ready", () -> health(health.get(), Health::ready));
        server.start();
        return new OperationsServer(server, threads);
    }

    private static Page health(Health health, Predicate<Health> good) {
        return new Page(good.test(health) ? 200 : 503, PLAIN_TEXT, health.reason() + "\n");
    }

    private static void page(HttpServer server, String path, Supplier<Page> page) {
        server.createContext(path, exchange -> {
            try (exchange) {
                answer(exchange, path, page);
            }
        });
    }

    private static void answer(HttpExchange exchange, String path, Supplier<Page> page) throws IOException {
        boolean asks = exchange.getRequestMethod().equals("GET");
        if (!asks || !exchange.getRequestURI().getPath().equals(path)) {
            exchange.sendResponseHeaders(asks ? 404 : 405, -1);
            return;
        }
        Page made;
        try {
            made = page.get();
        } catch (RuntimeException e) {
            LOG.info("cannot answer {}", path, e);
            made = new Page(500, PLAIN_TEXT, "cannot answer; the log says why\n");
        }
        byte[] body = made.text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", made.type);
        exchange.sendResponseHeaders(made.status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** {@code http://host:port}, with the port that it got. */
    public URI uri() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
