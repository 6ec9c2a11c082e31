package dev.godwit.fetch.importinto;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.godwit.database.ListenAddress;
import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves the files of a local directory to the cluster while it is open. Read only, over plain HTTP, under a path that nobody guesses: whoever has the URL can read the
 * files. Memory is bounded by one buffer for each of {@value #THREADS} readers.
 *
 * <p>The secret part of the path is the caller's, so that a job that was begun before a crash finds its files again.
 */
public final class FileServer implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final ExecutorService readers;
    private final Path directory;
    private final String secret;

    private FileServer(HttpServer server, ExecutorService readers, Path directory, String secret) {
        this.server = server;
        this.readers = readers;
        this.directory = directory;
        this.secret = secret;
    }

    /**
     * Serves from now on.
     *
     * @param listen {@code host:port}; {@code 0.0.0.0:port} for all addresses of this machine
     * @param secret part of every URL, for example the id of the load
     * @throws RefusedException if nothing can listen there, or the directory cannot be read
     */
    public static FileServer open(Path directory, String listen, String secret) {
        try {
            HttpServer server = HttpServer.create(ListenAddress.parse(listen), BACKLOG);
            ExecutorService readers = Executors.newFixedThreadPool(THREADS, task -> {
                Thread thread = new Thread(task, "godwit-fetch-file-server");
                thread.setDaemon(true);
                return thread;
            });
            FileServer files = new FileServer(server, readers, directory.toRealPath(), secret);
            server.createContext("/", files::answer);
            server.setExecutor(readers);
            server.start();
            return files;
        } catch (IOException e) {
            throw new RefusedException(
                    "the files of " + directory + " cannot be served at " + listen + ": " + e.getMessage(),
                    "give another address for --local-path-listen-addr",
                    e);
        }
    }

    /** What the server listens at; the port is the real one where 0 was given. */
    public InetSocketAddress listensAt() {
        return server.getAddress();
    }

    /**
     * The URL of the directory, without a slash at its end.
     *
     * @param accessAddress {@code host:port} at which the cluster sees this machine; empty if it is where this server listens
     */
    public String url(Optional<String> accessAddress) {
        return "http://" + accessAddress.orElseGet(this::ownAddress) + "/" + secret;
    }

    private String ownAddress() {
        InetSocketAddress own = server.getAddress();
        InetAddress address = own.getAddress();
        try {
            String host = address.isAnyLocalAddress()
                    ? InetAddress.getLocalHost().getCanonicalHostName()
                    : address.getHostAddress();
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + own.getPort();
        } catch (UnknownHostException e) {
            throw new RefusedException(
                    "this machine does not know its own name",
                    "say by --local-path-crdb-access-addr under which address the target reaches it",
                    e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            Optional<Path> file = file(exchange.getRequestURI().getPath());
            if (file.isEmpty()) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            send(exchange, file.get(), method.equals("HEAD"));
        }
    }

    /** A whole file below the directory, also where links lead. */
    private Optional<Path> file(String requested) throws IOException {
        String prefix = "/" + secret + "/";
        if (requested == null || !requested.startsWith(prefix)) {
            return Optional.empty();
        }
        try {
            Path file = directory.resolve(requested.substring(prefix.length())).normalize();
            return file.startsWith(directory)
                            && Files.isRegularFile(file)
                            && file.toRealPath().startsWith(directory)
                    ? Optional.of(file)
                    : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static void send(HttpExchange exchange, Path path, boolean headOnly) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = file.size();
            ByteRange range = ByteRange.of(exchange.getRequestHeaders().getFirst("Range"), size);
            exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
            // With this CockroachDB goes on in the middle of a file when a connection broke.
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            if (range.unsatisfiable()) {
                exchange.getResponseHeaders().set("Content-Range", "bytes */" + size);
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            if (range.partial()) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + range.from() + "-" + (range.to() - 1) + "/" + size);
            }
            int code = range.partial() ? 206 : 200;
            if (headOnly || range.length() == 0) {
                exchange.getResponseHeaders().set("Content-Length", Long.toString(range.length()));
                exchange.sendResponseHeaders(code, -1);
                return;
            }
            exchange.sendResponseHeaders(code, range.length());
            copy(file, range, exchange.getResponseBody());
        }
    }

    private static void copy(FileChannel file, ByteRange range, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        long at = range.from();
        while (at < range.to()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), range.to() - at));
            int read = file.read(buffer, at);
            if (read < 0) {
                throw new IOException("the file became shorter while it was sent");
            }
            out.write(buffer.array(), 0, read);
            at += read;
        }
        out.close();
    }

    @Override
    public void close() {
        server.stop(0);
        readers.shutdownNow();
    }
}
