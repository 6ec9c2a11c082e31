package dev.godwit.connectors;

import dev.godwit.database.DatabaseUrl;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before a PostgreSQL server and makes it look like CockroachDB to whoever looks after a changefeed into Kafka: statements about feeds and jobs become reads and
 * writes of the table {@code stand_in.feeds}, which the test changes as a cluster would. Everything else is PostgreSQL itself.
 */
final class FeedsFront implements AutoCloseable {
    static final String TABLES =
            "CREATE SCHEMA stand_in; CREATE TABLE stand_in.feeds (job_id BIGINT GENERATED ALWAYS AS"
                    + " IDENTITY (START WITH 800000000001), status TEXT NOT NULL DEFAULT 'running', error TEXT, running_status TEXT,"
                    + " high_water_timestamp NUMERIC, sink_uri TEXT NOT NULL, created TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),"
                    + " ended_long_ago BOOLEAN NOT NULL DEFAULT false)";

    private static final Pattern CREATE = Pattern.compile("CREATE CHANGEFEED .*\\sINTO ('[^']*')\\s.*", Pattern.DOTALL);
    private static final Pattern CONTROL = Pattern.compile("(PAUSE|RESUME|CANCEL) JOB (\\d+)");
    private static final Pattern SHOW_JOB = Pattern.compile("\\[SHOW CHANGEFEED JOB (\\d+)]");

    private final ServerSocket listening;
    private final DatabaseUrl postgres;
    private final String version;
    private final AtomicInteger looks = new AtomicInteger();

    FeedsFront(DatabaseUrl postgres, String version) {
        this.postgres = postgres;
        this.version = version;
        try {
            this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("feeds-accept", this::accept);
    }

    DatabaseUrl url() {
        return DatabaseUrl.parse(
                "the front",
                postgres.withPassword().replace(":" + postgres.port() + "/", ":" + listening.getLocalPort() + "/"));
    }

    /** How often somebody has asked which feeds there are. */
    int looks() {
        return looks.get();
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket(postgres.host(), postgres.port());
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                start("feeds-answers", () -> answers(server, client));
                start("feeds-questions", () -> questions(client, server));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private static void answers(Socket server, Socket client) {
        try (server;
                client) {
            server.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // One of the two has gone; so does the other.
        }
    }

    private void questions(Socket client, Socket server) {
        try (client;
                server) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            DataOutputStream out = new DataOutputStream(server.getOutputStream());
            int length;
            do { // what asks for encryption has 8 bytes and no type, and the start-up message behind it has no type
                // either
                length = in.readInt();
                out.writeInt(length);
                out.write(in.readNBytes(length - Integer.BYTES));
            } while (length == Long.BYTES);
            for (int type = in.read(); type >= 0; type = in.read()) {
                byte[] body = in.readNBytes(in.readInt() - Integer.BYTES);
                if (type == 'P') {
                    body = replaced(body, end(body, 0) + 1);
                } else if (type == 'Q') {
                    body = replaced(body, 0);
                }
                out.writeByte(type);
                out.writeInt(body.length + Integer.BYTES);
                out.write(body);
            }
        } catch (IOException e) {
            // One of the two has gone; so does the other.
        }
    }

    private static int end(byte[] body, int from) {
        int at = from;
        while (body[at] != 0) {
            at++;
        }
        return at;
    }

    private byte[] replaced(byte[] body, int from) {
        int to = end(body, from);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(body, 0, from);
        whole.writeBytes(replaced(new String(body, from, to - from, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8));
        whole.write(body, to, body.length - to);
        return whole.toByteArray();
    }

    private String replaced(String sql) {
        Matcher create = CREATE.matcher(sql);
        if (create.matches()) {
            return "INSERT INTO stand_in.feeds (sink_uri) VALUES (" + create.group(1) + ") RETURNING job_id";
        }
        Matcher control = CONTROL.matcher(sql);
        if (control.matches()) {
            String status =
                    switch (control.group(1)) {
                        case "PAUSE" -> "paused";
                        case "RESUME" -> "running";
                        default -> "cancel-requested";
                    };
            return "UPDATE stand_in.feeds SET status = '" + status + "' WHERE job_id = " + control.group(2);
        }
        if (sql.startsWith("SHOW CLUSTER SETTING ")) {
            return "SELECT 'true'";
        }
        if (sql.contains("[SHOW CREATE TABLE ")) {
            return "SELECT 'CREATE TABLE t (id INT8)'";
        }
        if (sql.contains("[SHOW ZONE CONFIGURATION ")) {
            return "SELECT 'ALTER RANGE default CONFIGURE ZONE USING gc.ttlseconds = 14400'";
        }
        if (sql.contains("[SHOW CHANGEFEED JOBS]")) {
            looks.incrementAndGet();
        }
        return SHOW_JOB.matcher(sql.replace(
                        "[SHOW CHANGEFEED JOBS]", "(SELECT * FROM stand_in.feeds WHERE NOT ended_long_ago) AS feed"))
                .replaceAll("(SELECT * FROM stand_in.feeds WHERE job_id = $1) AS feed")
                .replace("::STRING", "::text")
                .replace("cluster_logical_timestamp()", "'1701102311425045162.0000000001'::text")
                .replace("version()", "'" + version + "'::text");
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
