package dev.godwit.fetch.importinto;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Speaks the server's side of PostgreSQL's protocol, as CockroachDB does, and leaves it to a session what is answered. */
final class WireServer implements AutoCloseable {

    /** One for each connection. */
    interface Session {
        /** @throws Refusal for an error of SQL; any other exception cuts the connection off */
        Answer answer(String sql) throws Refusal, IOException;
    }

    interface Sessions {
        Session open();
    }

    /** @param columns empty for a statement without rows */
    record Answer(List<String> columns, List<List<String>> rows, String tag) {
        static Answer done(String tag) {
            return new Answer(List.of(), List.of(), tag);
        }

        static Answer rows(List<String> columns, List<List<String>> rows) {
            return new Answer(columns, rows, "SELECT " + rows.size());
        }
    }

    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final String state;

        Refusal(String state, String message) {
            super(message);
            this.state = state;
        }
    }

    private final ServerSocket listening;
    private final Sessions sessions;

    WireServer(Sessions sessions) throws IOException {
        this.sessions = sessions;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::accept, "wire-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + listening.getLocalPort()
                + "/test?user=root&sslmode=disable&gssEncMode=disable";
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                Thread thread = new Thread(() -> serve(socket), "wire-session");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new Conversation(socket, sessions.open()).run();
        } catch (IOException e) {
            // The session has cut it off, or the client has gone.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private static final class Conversation {
        private final DataInputStream in;
        private final DataOutputStream out;
        private final Session session;
        private String sql = "";
        private boolean skipToSync;
        private char transaction = 'I';

        private Conversation(Socket socket, Session session) throws IOException {
            this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            this.session = session;
        }

        void run() throws IOException {
            in.skipNBytes(in.readInt() - Integer.BYTES); // start-up
            message('R', body -> body.writeInt(0));
            for (String[] setting : new String[][] {
                {"server_version", "13.0.0"}, {"client_encoding", "UTF8"}, {"DateStyle", "ISO, MDY"},
                {"integer_datetimes", "on"}, {"standard_conforming_strings", "on"}, {"TimeZone", "UTC"}
            }) {
                message('S', body -> {
                    text(body, setting[0]);
                    text(body, setting[1]);
                });
            }
            ready();
            while (true) {
                char type = (char) in.readByte();
                DataInputStream body =
                        new DataInputStream(new ByteArrayInputStream(in.readNBytes(in.readInt() - Integer.BYTES)));
                if (type == 'X') {
                    return;
                }
                if (type == 'S') {
                    skipToSync = false;
                    ready();
                } else if (!skipToSync) {
                    step(type, body);
                }
            }
        }

        private void step(char type, DataInputStream body) throws IOException {
            switch (type) {
                case 'P' -> {
                    text(body);
                    sql = text(body);
                    message('1', nothing -> {});
                }
                case 'B' -> message('2', nothing -> {});
                case 'D' -> {} // rows are described when they come, and a statement without rows is not
                case 'E' -> execute();
                case 'C' -> message('3', nothing -> {});
                case 'H' -> out.flush();
                case 'Q' -> {
                    sql = text(body);
                    execute();
                    skipToSync = false;
                    ready();
                }
                default -> throw new IOException("unexpected message " + type);
            }
        }

        private void execute() throws IOException {
            Answer answer;
            try {
                answer = session.answer(sql);
            } catch (Refusal e) {
                skipToSync = true;
                transaction = transaction == 'I' ? 'I' : 'E';
                message('E', body -> {
                    for (String field : new String[] {"SERROR", "VERROR", "C" + e.state, "M" + e.getMessage()}) {
                        text(body, field);
                    }
                    body.writeByte(0);
                });
                return;
            }
            switch (answer.tag()) {
                case "BEGIN" -> transaction = 'T';
                case "COMMIT", "ROLLBACK" -> transaction = 'I';
                default -> {}
            }
            if (!answer.columns().isEmpty()) {
                describe(answer);
            }
            message('C', body -> text(body, answer.tag()));
        }

        private void describe(Answer answer) throws IOException {
            message('T', body -> {
                body.writeShort(answer.columns().size());
                for (String column : answer.columns()) {
                    text(body, column);
                    body.writeInt(0);
                    body.writeShort(0);
                    body.writeInt(25); // text
                    body.writeShort(-1);
                    body.writeInt(-1);
                    body.writeShort(0);
                }
            });
            for (List<String> row : answer.rows()) {
                message('D', body -> {
                    body.writeShort(row.size());
                    for (String value : row) {
                        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                        body.writeInt(bytes.length);
                        body.write(bytes);
                    }
                });
            }
        }

        private void ready() throws IOException {
            message('Z', body -> body.writeByte(transaction));
            out.flush();
        }

        private interface Body {
            void write(DataOutputStream body) throws IOException;
        }

        private void message(char type, Body content) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            content.write(new DataOutputStream(bytes));
            out.writeByte(type);
            out.writeInt(bytes.size() + Integer.BYTES);
            bytes.writeTo(out);
        }

        private static void text(DataOutputStream body, String text) throws IOException {
            body.write(text.getBytes(StandardCharsets.UTF_8));
            body.writeByte(0);
        }

        private static String text(DataInputStream body) throws IOException {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int next = body.readByte(); next != 0; next = body.readByte()) {
                text.write(next);
            }
            return text.toString(StandardCharsets.UTF_8);
        }
    }
}
