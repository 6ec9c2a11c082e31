package dev.godwit.fetch.importinto;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before a PostgreSQL server and makes it look like CockroachDB to a load: says that it is one, and turns {@code IMPORT INTO}, {@code SHOW JOB} and {@code CANCEL JOB} into
 * reads and writes of a table of jobs, within the transactions they stand in. {@link ImportJobs} does the work. Everything else is PostgreSQL itself.
 */
public final class CockroachFront implements AutoCloseable {
    private static final Pattern SHOW_JOB = Pattern.compile("\\[SHOW JOB (\\d+)]");
    private static final Pattern CANCEL_JOB = Pattern.compile("CANCEL JOB (\\d+)");

    /** As it writes types of time. */
    private static final String SQL_TYPE = "CASE WHEN data_type LIKE 'timestamp%' AND datetime_precision < 6 THEN"
            + " 'TIMESTAMP(' || datetime_precision || ')' ELSE upper(data_type) END";

    private final ServerSocket listening;
    private final String host;
    private final int port;

    public CockroachFront(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("front-accept", this::accept);
    }

    public int port() {
        return listening.getLocalPort();
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
                Socket server = new Socket(host, port);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                start("front-answers", () -> pump(server, client, false));
                start("front-questions", () -> pump(client, server, true));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private static void pump(Socket from, Socket to, boolean questions) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            if (questions) {
                rewrite(
                        new DataInputStream(new BufferedInputStream(in)),
                        new DataOutputStream(new BufferedOutputStream(out)));
            } else {
                in.transferTo(out);
            }
        } catch (IOException e) {
            // One of the two has gone; so does the other.
        }
    }

    private static void rewrite(DataInputStream in, DataOutputStream out) throws IOException {
        int length = in.readInt(); // the start-up message has no type
        out.writeInt(length);
        out.write(in.readNBytes(length - Integer.BYTES));
        out.flush();
        while (true) {
            int type = in.read();
            if (type < 0) {
                return;
            }
            byte[] body = in.readNBytes(in.readInt() - Integer.BYTES);
            if (type == 'P') {
                body = replaced(body, end(body, 0) + 1);
            } else if (type == 'Q') {
                body = replaced(body, 0);
            }
            out.writeByte(type);
            out.writeInt(body.length + Integer.BYTES);
            out.write(body);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    private static int end(byte[] body, int from) {
        int at = from;
        while (body[at] != 0) {
            at++;
        }
        return at;
    }

    private static byte[] replaced(byte[] body, int from) {
        int to = end(body, from);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(body, 0, from);
        whole.writeBytes(replaced(new String(body, from, to - from, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8));
        whole.write(body, to, body.length - to);
        return whole.toByteArray();
    }

    static String replaced(String sql) {
        if (sql.startsWith("IMPORT INTO ")) {
            return "INSERT INTO stand_in.jobs (statement) VALUES ($import$" + sql + "$import$) RETURNING id AS job_id";
        }
        Matcher cancel = CANCEL_JOB.matcher(sql);
        if (cancel.matches()) {
            return "UPDATE stand_in.jobs SET status = 'canceled' WHERE status IN ('running', 'paused') AND id = "
                    + cancel.group(1);
        }
        return SHOW_JOB.matcher(sql.replace("[SHOW CHANGEFEED JOBS]", "stand_in.feeds"))
                .replaceAll("(SELECT * FROM stand_in.jobs WHERE id = $1) AS job")
                .replace("version()", "'CockroachDB CCL v24.1.0 (stand-in)'::text")
                .replace("c.relispartition", "NULL::boolean") // as its pg_class has it
                // It takes C.UTF-8 and nothing else.
                .replace("('lc_monetary', 'C')", "('lc_monetary', 'refused by CockroachDB')")
                .replace("co.collname", "CASE co.collname WHEN 'default' THEN 'en-US' ELSE co.collname END")
                .replace("pg_catalog.pg_constraint k", "stand_in.constraints k")
                .replace("crdb_sql_type", SQL_TYPE)
                .replace("is_hidden = 'YES'", "false");
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
