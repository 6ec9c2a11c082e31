package dev.godwit.fetch.mysql;

import dev.godwit.fetch.source.CopyRows;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.List;

/** One connection of a loader to the keeper. */
record KeeperConversation(Socket socket, String secret, SessionPool sessions, KeeperGuests guests, Runnable end) {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int HELLO_MS = 10_000;

    void run() {
        try (socket;
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
                DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES))) {
            socket.setSoTimeout(HELLO_MS);
            if (!isSecret(in.readUTF())) {
                return;
            }
            if (!guests.enter(in.readUTF())) {
                out.writeByte(KeeperTerms.BUSY);
                out.flush();
                return;
            }
            socket.setSoTimeout(0);
            try {
                out.writeByte(KeeperTerms.OK);
                out.flush();
                converse(in, out);
            } finally {
                guests.leave();
            }
        } catch (IOException | UncheckedIOException e) {
            // The loader is gone; another may come.
        }
    }

    private boolean isSecret(String told) {
        return MessageDigest.isEqual(told.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
    }

    private void converse(DataInputStream in, DataOutputStream out) throws IOException {
        for (int what = in.read(); what >= 0; what = in.read()) {
            switch ((byte) what) {
                case KeeperTerms.FIRST -> first(read(in, String.class), out);
                case KeeperTerms.ROWS -> rows(read(in, RowQuery.class), out);
                case KeeperTerms.END -> {
                    end.run();
                    return;
                }
                default -> throw new IOException("unknown request " + what);
            }
            out.flush();
        }
    }

    private static <T> T read(DataInputStream in, Class<T> type) throws IOException {
        byte[] json = new byte[in.readInt()];
        in.readFully(json);
        return KeeperTerms.JSON.readValue(json, type);
    }

    private static void write(DataOutputStream out, Object value) throws IOException {
        byte[] json = KeeperTerms.JSON.writeValueAsBytes(value);
        out.writeInt(json.length);
        out.write(json);
    }

    private void first(String sql, DataOutputStream out) throws IOException {
        try {
            sessions.use(access -> {
                List<String> values = access.first(sql);
                unchecked(() -> {
                    out.writeByte(KeeperTerms.OK);
                    write(out, values);
                });
            });
        } catch (SQLException e) {
            out.writeByte(KeeperTerms.FAILED);
            failure(e, out);
        }
    }

    private void rows(RowQuery query, DataOutputStream out) throws IOException {
        try {
            sessions.use(access -> {
                try (CopyRows rows = access.rows(query)) {
                    for (byte[] row = rows.next(); row != null; row = rows.next()) {
                        send(row, out);
                    }
                }
                unchecked(() -> out.writeInt(KeeperTerms.NO_MORE));
            });
        } catch (SQLException e) {
            out.writeInt(KeeperTerms.BROKEN);
            failure(e, out);
        }
    }

    private static void send(byte[] row, DataOutputStream out) {
        unchecked(() -> {
            out.writeInt(row.length);
            out.write(row);
        });
    }

    private static void failure(SQLException e, DataOutputStream out) throws IOException {
        write(out, new String[] {e.getMessage(), e.getSQLState()});
    }

    private interface Writing {
        void run() throws IOException;
    }

    private static void unchecked(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
