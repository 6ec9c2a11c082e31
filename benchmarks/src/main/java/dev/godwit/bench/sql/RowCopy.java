package dev.godwit.bench.sql;

import dev.godwit.bench.workload.BenchTable;
import dev.godwit.bench.workload.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/** Loads the rows of a history by COPY, a way that no contestant takes. */
final class RowCopy {
    private static final int BUFFER = 65_536;

    private RowCopy() {}

    static void load(Connection connection, History history) throws SQLException {
        CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
        for (BenchTable table : history.tables()) {
            CopyIn copy = copies.copyIn("COPY " + table.qualifiedName() + " FROM STDIN");
            StringBuilder buffer = new StringBuilder(BUFFER + 4_096);
            try {
                history.forEachRow((rowTable, row) -> {
                    if (rowTable.equals(table)) {
                        append(row, buffer);
                        if (buffer.length() > BUFFER) {
                            flush(copy, buffer);
                        }
                    }
                });
                flush(copy, buffer);
            } catch (UncheckedIOException e) {
                copy.cancelCopy();
                throw new SQLException("rows of " + table + " could not be loaded", e);
            }
            copy.endCopy();
        }
    }

    private static void append(String[] row, StringBuilder buffer) {
        for (int i = 0; i < row.length; i++) {
            buffer.append(i == 0 ? "" : "\t").append(row[i] == null ? "\\N" : escaped(row[i]));
        }
        buffer.append('\n');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    }

    private static void flush(CopyIn copy, StringBuilder buffer) {
        byte[] bytes = buffer.toString().getBytes(StandardCharsets.UTF_8);
        buffer.setLength(0);
        try {
            copy.writeToCopy(bytes, 0, bytes.length);
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
