package dev.godwit.connectors.plugin.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.ssl.PGjdbcHostnameVerifier;
import org.postgresql.util.PSQLException;

/**
 * One session with a server that speaks PostgreSQL's protocol. Used by one thread; only {@link #close()} may be called from
 * another, and makes a waiting one fail.
 */
public final class WireConnection implements AutoCloseable {
    private static final int PROTOCOL_3_0 = 3 << 16;
    private static final int SSL_REQUEST = 80877103;
    private static final int MESSAGE_BYTES_MAX = 1 << 30;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    /** Takes rows while they come. */
    @FunctionalInterface
    public interface RowConsumer {
        /** @param values in text form, null for NULL */
        void row(byte[][] values) throws IOException, InterruptedException;
    }

    private WireConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    /**
     * Connects and logs in.
     *
     * @throws WireException if the server says no
     * @throws IOException if it cannot be reached, or TLS does not come about
     */
    public static WireConnection open(WireSettings settings, WireSettings.Node node) throws IOException {
        Socket socket = new Socket();
        try {
            int withinMs = Math.toIntExact(settings.connectWithin().toMillis());
            socket.connect(new InetSocketAddress(node.host(), node.port()), withinMs);
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.setSoTimeout(withinMs); // what listens there may be no database
            socket = settings.sslMode().equals("disable") ? socket : encrypted(socket, settings, node);
            WireConnection connection = new WireConnection(socket);
            connection.logIn(settings);
            socket.setSoTimeout(0);
            return connection;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket encrypted(Socket plain, WireSettings settings, WireSettings.Node node) throws IOException {
        DataOutputStream out = new DataOutputStream(plain.getOutputStream());
        out.writeInt(Long.BYTES);
        out.writeInt(SSL_REQUEST);
        out.flush();
        if (plain.getInputStream().read() != 'S') {
            throw new IOException("the server at " + node + " speaks no TLS; sslmode=disable goes without");
        }
        try {
            SSLSocket encrypted = (SSLSocket)
                    new LibPQFactory(settings.tlsProperties()).createSocket(plain, node.host(), node.port(), true);
            encrypted.setUseClientMode(true);
            encrypted.startHandshake();
            if (settings.sslMode().equals("verify-full")
                    && !PGjdbcHostnameVerifier.INSTANCE.verify(node.host(), encrypted.getSession())) {
                throw new IOException("the certificate of the server at " + node + " is for another name");
            }
            return encrypted;
        } catch (PSQLException | SSLException e) {
            throw new IOException("cannot set up TLS to " + node + ": " + e.getMessage(), e);
        }
    }

    private void logIn(WireSettings settings) throws IOException {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("user", settings.user());
        parameters.put("database", settings.database());
        parameters.put("application_name", settings.applicationName());
        parameters.put("client_encoding", "UTF8");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(PROTOCOL_3_0).array());
        parameters.forEach((name, value) -> {
            body.writeBytes((name + '\0' + value + '\0').getBytes(StandardCharsets.UTF_8));
        });
        body.write(0);
        out.writeInt(body.size() + Integer.BYTES);
        out.write(body.toByteArray());
        out.flush();
        WireLogin login = new WireLogin(settings);
        while (true) {
            char type = (char) in.readUnsignedByte();
            byte[] message = body();
            switch (type) {
                case 'R' -> {
                    byte[] answer = login.answer(message);
                    if (answer != null) {
                        send('p', answer);
                    }
                }
                case 'E' -> throw failure(message);
                case 'Z' -> {
                    return;
                }
                case 'S', 'K', 'N' -> {} // parameters, the key for cancelling, notices
                default -> throw new IOException("the server sends a message '" + type + "' during the log-in");
            }
        }
    }

    /** Runs a statement whose result is small. */
    public List<byte[][]> query(String sql) throws IOException {
        List<byte[][]> rows = new ArrayList<>();
        try {
            stream(sql, rows::add);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e); // the list never waits
        }
        return rows;
    }

    /**
     * Runs a statement and hands out every row as soon as it is there. Returns when the statement has ended, which that of a
     * changefeed does not do by itself. While the consumer waits nothing is read, so the server waits too.
     *
     * @throws WireException if the server says no; the connection is of no use afterwards
     */
    public void stream(String sql, RowConsumer consumer) throws IOException, InterruptedException {
        send('Q', (sql + '\0').getBytes(StandardCharsets.UTF_8));
        while (true) {
            char type = (char) in.readUnsignedByte();
            byte[] message = body();
            switch (type) {
                case 'D' -> consumer.row(values(ByteBuffer.wrap(message)));
                case 'E' -> throw failure(message);
                case 'Z' -> {
                    return;
                }
                case 'T', 'C', 'I', 'S', 'N', 'A' -> {} // description, end, empty, parameter, notice, notification
                default -> throw new IOException("the server sends a message '" + type + "' that a query has none of");
            }
        }
    }

    private byte[] body() throws IOException {
        int length = in.readInt() - Integer.BYTES;
        if (length < 0 || length > MESSAGE_BYTES_MAX) {
            throw new IOException("the server sends a message of " + length + " bytes; is it a database?");
        }
        byte[] body = new byte[length];
        in.readFully(body);
        return body;
    }

    private static byte[][] values(ByteBuffer row) {
        byte[][] values = new byte[row.getShort()][];
        for (int column = 0; column < values.length; column++) {
            int length = row.getInt();
            if (length >= 0) {
                values[column] = new byte[length];
                row.get(values[column]);
            }
        }
        return values;
    }

    private void send(char type, byte[] body) throws IOException {
        out.writeByte(type);
        out.writeInt(body.length + Integer.BYTES);
        out.write(body);
        out.flush();
    }

    private static IOException failure(byte[] message) {
        String sqlState = "XX000";
        StringBuilder text = new StringBuilder();
        for (String field : new String(message, StandardCharsets.UTF_8).split("\0")) {
            if (field.isEmpty()) {
                continue;
            }
            switch (field.charAt(0)) {
                case 'C' -> sqlState = field.substring(1);
                case 'M' -> text.append(field, 1, field.length());
                case 'D', 'H' ->
                    text.append(" (").append(field, 1, field.length()).append(')');
                default -> {} // where in the server's code it happened
            }
        }
        return text.length() == 0
                ? new EOFException("the server reports an error without words")
                : new WireException(sqlState, text.toString());
    }

    /** Ends the session, whatever it does. The server ends the statement when it notices. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
