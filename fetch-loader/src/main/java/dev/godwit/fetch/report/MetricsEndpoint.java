package dev.godwit.fetch.report;

import com.sun.net.httpserver.HttpServer;
import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Offers metrics over HTTP while it is open. */
public final class MetricsEndpoint implements AutoCloseable {
    private static final int PORT_MAX = 65_535;

    private final HttpServer server;

    private MetricsEndpoint(HttpServer server) {
        this.server = server;
    }

    /**
     * @param address {@code host:port}; null for no endpoint at all
     * @throws RefusedException if the address is none, or is taken
     */
    public static MetricsEndpoint open(String address, FetchMetrics metrics) {
        if (address == null) {
            return new MetricsEndpoint(null);
        }
        InetSocketAddress socket = parse(address);
        try {
            HttpServer server = HttpServer.create(socket, 0);
            server.createContext("/metrics", exchange -> {
                byte[] body = metrics.text().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                exchange.sendResponseHeaders(200, body.length);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            });
            server.start();
            return new MetricsEndpoint(server);
        } catch (IOException e) {
            throw new RefusedException(
                    "nothing can listen at " + address + ": " + e.getMessage(),
                    "give another address for --metrics-listen-addr",
                    e);
        }
    }

    private static InetSocketAddress parse(String address) {
        int colon = address.lastIndexOf(':');
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            if (colon >= 0 && port >= 0 && port <= PORT_MAX) {
                String host = address.substring(0, colon);
                return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new RefusedException("--metrics-listen-addr " + address + " is no address", "write it as 127.0.0.1:3030");
    }

    /** Where it can be read; empty if there is none. */
    public Optional<String> address() {
        return Optional.ofNullable(server)
                .map(open -> "http://" + open.getAddress().getHostString() + ":"
                        + open.getAddress().getPort() + "/metrics");
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
    }
}
