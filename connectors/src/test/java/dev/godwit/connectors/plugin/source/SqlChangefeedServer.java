package dev.godwit.connectors.plugin.source;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Speaks as much of PostgreSQL's protocol, on a real socket, as a changefeed over SQL needs, and answers it with a history of
 * messages in CockroachDB's format: rows with a later {@code updated} than the cursor, and resolved messages in between. The
 * history may grow while it is being read, connections may be broken at any moment.
 */
public final class SqlChangefeedServer implements AutoCloseable {
    private static final Pattern CURSOR = Pattern.compile("cursor='([0-9.]+)'");

    /** A message; resolved ones have neither table nor key. */
    public record Message(String table, String key, String value, FeedPosition time) {
        public static Message row(String table, String key, String value, FeedPosition time) {
            return new Message(table, key, value, time);
        }

        public static Message resolved(FeedPosition time) {
            return new Message(null, null, "{\"resolved\":\"" + time + "\"}", time);
        }

        boolean isResolved() {
            return table == null;
        }
    }

    private final ServerSocket listener;
    private final String version;
    private final List<Message> history = new ArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final List<String> statements = new CopyOnWriteArrayList<>();
    private volatile String[] refusal;
    private volatile java.util.function.IntSupplier rowsUntilDrop = () -> Integer.MAX_VALUE;

    private final SSLContext tls;

    public SqlChangefeedServer(String version) {
        this(version, null);
    }

    /** @param tls null: it speaks none */
    public SqlChangefeedServer(String version, SSLContext tls) {
        this.version = version;
        this.tls = tls;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread accepting = new Thread(this::accept, "sql-changefeed");
        accepting.setDaemon(true);
        accepting.start();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** All statements so far. */
    public List<String> statements() {
        return statements;
    }

    public List<String> feeds() {
        return statements.stream().filter(sql -> sql.contains("CHANGEFEED FOR")).toList();
    }

    public void add(List<Message> messages) {
        synchronized (history) {
            history.addAll(messages);
            history.notifyAll();
        }
    }

    /** The next feeds end with this error; null: they run. */
    public void refuse(String sqlState, String words) {
        refusal = sqlState == null ? null : new String[] {sqlState, words};
    }

    /** Breaks the connection of each feed, in mid-message, after so many messages; asked anew for each feed. */
    public void dropAfter(java.util.function.IntSupplier messages) {
        rowsUntilDrop = messages;
    }

    public void dropConnections() {
        connections.forEach(SqlChangefeedServer::closeQuietly);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread serving = new Thread(() -> serve(socket), "sql-changefeed-" + socket.getPort());
                serving.setDaemon(true);
                serving.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                Socket talking = encrypted(socket)) {
            DataInputStream in = new DataInputStream(talking.getInputStream());
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(talking.getOutputStream()));
            logIn(in, out);
            while (true) {
                char type = (char) in.readUnsignedByte();
                byte[] body = new byte[in.readInt() - 4];
                in.readFully(body);
                if (type != 'Q') {
                    return;
                }
                String sql = new String(body, 0, body.length - 1, StandardCharsets.UTF_8);
                statements.add(sql);
                answer(sql, out, socket);
            }
        } catch (IOException e) {
            // The client has gone, or the test has broken the connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(socket);
        }
    }

    /** With TLS the client has to ask for it first. */
    private Socket encrypted(Socket socket) throws IOException {
        if (tls == null) {
            return socket;
        }
        new DataInputStream(socket.getInputStream()).readFully(new byte[8]);
        socket.getOutputStream().write('S');
        SSLSocket encrypted = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        encrypted.setUseClientMode(false);
        return encrypted;
    }

    private static void logIn(DataInputStream in, DataOutputStream out) throws IOException {
        int length = in.readInt();
        int code = in.readInt();
        if (code == 80877103) { // asks for TLS
            out.writeByte('N');
            out.flush();
            length = in.readInt();
            in.readInt();
        }
        in.readFully(new byte[length - 8]);
        message(out, 'R', body -> body.writeInt(0));
        for (String parameter : List.of(
                "server_version\00013.0.0",
                "client_encoding\0UTF8",
                "standard_conforming_strings\0on",
                "integer_datetimes\0on",
                "DateStyle\0ISO, MDY",
                "TimeZone\0UTC")) {
            message(out, 'S', body -> body.write((parameter + '\0').getBytes(StandardCharsets.UTF_8)));
        }
        ready(out);
    }

    private void answer(String sql, DataOutputStream out, Socket socket) throws IOException, InterruptedException {
        if (sql.contains("CHANGEFEED FOR")) {
            feed(sql, out, socket);
        } else if (sql.toLowerCase(java.util.Locale.ROOT).contains("select version()")) {
            describe(out, "version", 25);
            data(out, version);
            end(out, "SELECT 1");
        } else {
            end(out, "SET");
        }
    }

    private void feed(String sql, DataOutputStream out, Socket socket) throws IOException, InterruptedException {
        String[] no = refusal;
        if (no != null || sql.contains(" INTO ")) {
            fail(
                    out,
                    no == null ? "0A000" : no[0],
                    no == null ? "use of CHANGEFEED requires an enterprise license." : no[1]);
            return;
        }
        Matcher matcher = CURSOR.matcher(sql);
        FeedPosition cursor = FeedPosition.parse(matcher.find() ? matcher.group(1) : "0");
        message(out, 'T', body -> {
            body.writeShort(3);
            column(body, "table", 25);
            column(body, "key", 17);
            column(body, "value", 17);
        });
        int sent = 0;
        int drop = rowsUntilDrop.getAsInt();
        for (int next = 0; ; next++) {
            Message message = at(next, out);
            if (message.time().compareTo(cursor) <= 0) {
                continue;
            }
            if (++sent > drop) {
                out.writeByte('D');
                out.writeInt(4711); // a message of which nothing more comes
                out.flush();
                closeQuietly(socket);
                return;
            }
            data(out, message.table(), hex(message.key()), hex(message.value()));
        }
    }

    private Message at(int index, DataOutputStream out) throws IOException, InterruptedException {
        synchronized (history) {
            if (index < history.size()) {
                return history.get(index);
            }
        }
        out.flush();
        synchronized (history) {
            while (index >= history.size()) {
                history.wait(200);
                if (listener.isClosed()) {
                    throw new IOException("the server is shutting down");
                }
            }
            return history.get(index);
        }
    }

    private static String hex(String text) {
        return text == null ? null : "\\x" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @FunctionalInterface
    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private static void message(DataOutputStream out, char type, Body content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.write(new DataOutputStream(bytes));
        out.writeByte(type);
        out.writeInt(bytes.size() + 4);
        out.write(bytes.toByteArray());
    }

    private static void describe(DataOutputStream out, String name, int type) throws IOException {
        message(out, 'T', body -> {
            body.writeShort(1);
            column(body, name, type);
        });
    }

    private static void column(DataOutputStream body, String name, int type) throws IOException {
        body.write((name + '\0').getBytes(StandardCharsets.UTF_8));
        body.writeInt(0);
        body.writeShort(0);
        body.writeInt(type);
        body.writeShort(-1);
        body.writeInt(-1);
        body.writeShort(0);
    }

    private static void data(DataOutputStream out, String... values) throws IOException {
        message(out, 'D', body -> {
            body.writeShort(values.length);
            for (String value : values) {
                byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
                body.writeInt(bytes == null ? -1 : bytes.length);
                if (bytes != null) {
                    body.write(bytes);
                }
            }
        });
    }

    private static void fail(DataOutputStream out, String sqlState, String words) throws IOException {
        message(
                out,
                'E',
                body -> body.write(("SERROR\0C" + sqlState + "\0M" + words + "\0\0").getBytes(StandardCharsets.UTF_8)));
        ready(out);
    }

    private static void end(DataOutputStream out, String tag) throws IOException {
        message(out, 'C', body -> body.write((tag + '\0').getBytes(StandardCharsets.UTF_8)));
        ready(out);
    }

    private static void ready(DataOutputStream out) throws IOException {
        message(out, 'Z', body -> body.writeByte('I'));
        out.flush();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed enough.
        }
    }

    /** The time of a recorded message. */
    static FeedPosition timeOf(String value) {
        Matcher matcher =
                Pattern.compile("\"(?:updated|resolved)\":\\s*\"([0-9.]+)\"").matcher(value);
        FeedPosition last = null;
        while (matcher.find()) {
            last = FeedPosition.parse(matcher.group(1));
        }
        return last;
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        dropConnections();
    }
}
