package dev.godwit.fetch.mysql;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.fetch.mysql.KeeperTerms.Answer;
import dev.godwit.fetch.mysql.KeeperTerms.Order;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A process of its own that keeps the snapshot of a load from MySQL. MySQL lets nobody join a snapshot, and ends a session with its client: so whoever outlives the loader has to be
 * the client. The loader reads through it, and when the loader is gone, another can. It ends when it is told to; or some time after the last loader has left; or when no session is left.
 */
public final class SnapshotKeeper {
    private static final int LOOK_MS = 250;

    private SnapshotKeeper() {}

    /** Reads its order from the standard input, and answers by one line; nobody reads its output after that. */
    public static void main(String[] arguments) throws IOException {
        Order order = KeeperTerms.JSON.readValue(System.in, Order.class);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                SessionPool sessions = SessionPool.take(
                        Database.connect("source", DatabaseUrl.parse("source", order.url())),
                        order.tables(),
                        order.sessions())) {
            tell(out, new Answer(server.getLocalPort(), sessions.gtidSet(), null, null));
            silence();
            serve(server, sessions, order);
        } catch (SQLException e) {
            tell(out, new Answer(0, null, e.getMessage(), e.getSQLState()));
        } catch (RefusedException e) {
            tell(out, new Answer(0, null, e.getMessage(), null));
        }
    }

    private static void tell(PrintStream out, Answer answer) throws IOException {
        out.println(KeeperTerms.READY + KeeperTerms.JSON.writeValueAsString(answer));
    }

    /** A log into a pipe that nobody reads would stand still. */
    private static void silence() {
        PrintStream nothing = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        System.setOut(nothing);
        System.setErr(nothing);
    }

    private static void serve(ServerSocket server, SessionPool sessions, Order order) throws IOException {
        KeeperGuests guests = new KeeperGuests(order.keepMs());
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "watch"));
        Future<?> watching = timer.scheduleWithFixedDelay(
                () -> {
                    if (guests.nobodyComes() || sessions.isGone()) {
                        close(server);
                    }
                },
                LOOK_MS,
                LOOK_MS,
                TimeUnit.MILLISECONDS);
        try {
            while (true) {
                Socket socket = server.accept();
                daemon(
                                () -> new KeeperConversation(
                                                socket, order.secret(), sessions, guests, () -> close(server))
                                        .run(),
                                "guest")
                        .start();
            }
        } catch (IOException e) {
            // The server socket was closed: that is the end.
        } finally {
            watching.cancel(false);
            timer.shutdownNow();
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, "godwit-keeper-" + name);
        thread.setDaemon(true);
        return thread;
    }

    private static void close(ServerSocket server) {
        try {
            server.close();
        } catch (IOException e) {
            // Then it was closed before.
        }
    }
}
