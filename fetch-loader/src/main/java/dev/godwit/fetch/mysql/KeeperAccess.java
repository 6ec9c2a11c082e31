package dev.godwit.fetch.mysql;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.godwit.fetch.source.CopyRows;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.SQLException;
import java.util.List;

/** A loader's connection to the process that keeps its snapshot. */
final class KeeperAccess implements SnapshotAccess, Closeable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int HELLO_MS = 10_000;
    /** SQLSTATE of a connection that was lost. */
    private static final String LOST = "08006";

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    /** Another loader reads from the keeper. */
    static final class BusyException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private KeeperAccess(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    /**
     * @param loader names this process
     * @throws IOException if there is no such keeper
     */
    static KeeperAccess open(int port, String secret, String loader) throws IOException, BusyException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), HELLO_MS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(HELLO_MS);
            KeeperAccess access = new KeeperAccess(socket);
            access.out.writeUTF(secret);
            access.out.writeUTF(loader);
            access.out.flush();
            byte answer = access.in.readByte();
            if (answer == KeeperTerms.BUSY) {
                throw new BusyException();
            }
            if (answer != KeeperTerms.OK) {
                throw new IOException("something else listens at port " + port);
            }
            socket.setSoTimeout(0);
            return access;
        } catch (IOException | BusyException e) {
            socket.close();
            throw e;
        }
    }

    private void request(byte what, Object argument) throws IOException {
        byte[] json = KeeperTerms.JSON.writeValueAsBytes(argument);
        out.writeByte(what);
        out.writeInt(json.length);
        out.write(json);
        out.flush();
    }

    private byte[] json() throws IOException {
        byte[] json = new byte[in.readInt()];
        in.readFully(json);
        return json;
    }

    private SQLException failure() throws IOException {
        String[] failure = KeeperTerms.JSON.readValue(json(), String[].class);
        return new SQLException(failure[0], failure[1]);
    }

    private static SQLException lost(IOException e) {
        return new SQLException(
                "the process that keeps the snapshot, a child of the one that began the load, does not answer: "
                        + e.getMessage(),
                LOST,
                e);
    }

    @Override
    public List<String> first(String sql) throws SQLException {
        try {
            request(KeeperTerms.FIRST, sql);
            if (in.readByte() == KeeperTerms.OK) {
                return KeeperTerms.JSON.readValue(json(), new TypeReference<List<String>>() {});
            }
            throw failure();
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public CopyRows rows(RowQuery query) throws SQLException {
        try {
            request(KeeperTerms.ROWS, query);
            return new Rows();
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** Rows as the keeper sends them. Whoever does not read to the end needs another connection. */
    private final class Rows implements CopyRows {
        private boolean ended;

        @Override
        public byte[] next() throws SQLException {
            try {
                int length = in.readInt();
                if (length == KeeperTerms.NO_MORE) {
                    ended = true;
                    return null;
                }
                if (length == KeeperTerms.BROKEN) {
                    ended = true;
                    throw failure();
                }
                byte[] row = new byte[length];
                in.readFully(row);
                return row;
            } catch (IOException e) {
                throw lost(e);
            }
        }

        @Override
        public void close() throws SQLException {
            if (!ended) {
                try {
                    KeeperAccess.this.close();
                } catch (IOException e) {
                    throw lost(e);
                }
            }
        }
    }

    /** The load needs the snapshot no longer: the keeper ends. */
    void end() throws IOException {
        out.writeByte(KeeperTerms.END);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
