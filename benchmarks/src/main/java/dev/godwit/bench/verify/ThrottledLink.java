package dev.godwit.bench.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A network between a program and a server: a TCP proxy on loopback that lets so many bits through in a second, in either direction, all
 * connections together, and counts the bytes. It has no latency of its own.
 */
final class ThrottledLink implements AutoCloseable {
    private static final int BUFFER = 16 << 10;
    /** A real link lets a little through at once; without it each small packet would be waited for. */
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final ServerSocket listening;
    private final InetSocketAddress server;
    private final Direction toServer;
    private final Direction toClient;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private ThrottledLink(ServerSocket listening, InetSocketAddress server, double megabitsPerSecond) {
        this.listening = listening;
        this.server = server;
        this.toServer = new Direction(megabitsPerSecond);
        this.toClient = new Direction(megabitsPerSecond);
    }

    /** What may go through in one direction. Thread-safe. */
    private static final class Direction {
        private final double nanosPerByte;
        private final AtomicLong bytes = new AtomicLong();
        private long freeAt = System.nanoTime();

        Direction(double megabitsPerSecond) {
            this.nanosPerByte = 8_000 / megabitsPerSecond;
        }

        /** Returns when these bytes have gone through. */
        void pass(int number) {
            bytes.addAndGet(number);
            long until;
            synchronized (this) {
                freeAt = Math.max(freeAt, System.nanoTime() - BURST_NANOS) + (long) (number * nanosPerByte);
                until = freeAt;
            }
            for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }

    static ThrottledLink to(String host, int port, double megabitsPerSecond) throws IOException {
        ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ThrottledLink link = new ThrottledLink(listening, new InetSocketAddress(host, port), megabitsPerSecond);
        link.start("accept", link::accept);
        return link;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Bytes in both directions so far. */
    long bytes() {
        return toServer.bytes.get() + toClient.bytes.get();
    }

    private void accept() throws IOException {
        while (!listening.isClosed()) {
            Socket client = listening.accept();
            open.add(client);
            Socket onward = new Socket();
            open.add(onward);
            onward.connect(server);
            client.setTcpNoDelay(true);
            onward.setTcpNoDelay(true);
            start("to server", () -> pump(client, onward, toServer));
            start("to client", () -> pump(onward, client, toClient));
        }
    }

    private void pump(Socket from, Socket to, Direction direction) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                direction.pass(read);
                out.write(buffer, 0, read);
            }
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // One end has closed the connection; the other one sees it by the closing of its own.
                        return;
                    }
                },
                "link " + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
