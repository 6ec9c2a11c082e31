package dev.godwit.connectors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** Stands before a real Connect worker, so that a test can do something between two requests, or let one fail. */
final class ConnectFront implements AutoCloseable {
    private final String worker;
    private final Predicate<String> fails;
    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    /** @param fails is told each request, as {@code PUT /connectors/name/stop}, after it was carried out; if true, the answer is an error */
    ConnectFront(String worker, Predicate<String> fails) throws IOException {
        this.worker = worker.replaceFirst("/+$", "");
        this.fails = fails;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "connect-front");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::pass);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofByteArray(
                    exchange.getRequestBody().readAllBytes());
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(URI.create(worker + exchange.getRequestURI()))
                            .header("Content-Type", "application/json")
                            .method(method, body)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            boolean failed = fails.test(method + " " + exchange.getRequestURI().getPath());
            byte[] text = failed ? "{\"message\":\"out of order\"}".getBytes(StandardCharsets.UTF_8) : answer.body();
            exchange.sendResponseHeaders(failed ? 500 : answer.statusCode(), text.length == 0 ? -1 : text.length);
            exchange.getResponseBody().write(text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
