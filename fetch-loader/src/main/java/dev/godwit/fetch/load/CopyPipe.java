package dev.godwit.fetch.load;

import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.source.CopyRows;
import dev.godwit.fetch.source.SourceReader;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Carries rows from the source into one COPY of the target. Memory is bounded by one buffer and the largest row; the target holds the source up
 * through the sockets.
 */
final class CopyPipe {
    /** Also the largest message: CockroachDB refuses messages beyond 16 MiB, so a large row goes in pieces. */
    private static final int BUFFER_BYTES = 64 << 10;

    /** Hears what has gone through. */
    interface Meter {
        void passed(long moreRows, long moreBytes);
    }

    /** A failure, and at which end it happened. */
    static final class EndFailedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String role;
        private final SQLException failure;

        EndFailedException(String role, SQLException failure) {
            super(role, failure);
            this.role = role;
            this.failure = failure;
        }

        String role() {
            return role;
        }

        SQLException failure() {
            return failure;
        }
    }

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final Meter meter;
    private int filled;
    private long rowsInBuffer;
    private long rows;

    CopyPipe(Meter meter) {
        this.meter = meter;
    }

    /**
     * Does not commit.
     *
     * @return the number of rows, which both ends agree on
     */
    long run(SourceReader source, TablePlan table, String range, Connection target, String importSql)
            throws EndFailedException {
        CopyRows out = atSource(() -> source.rows(table, range));
        CopyIn in = null;
        try {
            in = atTarget(() -> target.unwrap(PGConnection.class).getCopyAPI().copyIn(importSql));
            return run(out, in);
        } finally {
            end(out, in, target);
        }
    }

    private long run(CopyRows out, CopyIn in) throws EndFailedException {
        byte[] row = atSource(out::next);
        while (row != null) {
            rows++;
            rowsInBuffer++;
            append(in, row);
            row = null; // two long rows may be more than there is memory for
            row = atSource(out::next);
        }
        flush(in);
        long loaded = atTarget(in::endCopy);
        if (loaded != rows) {
            throw new EndFailedException(
                    "target",
                    new SQLException("it stored " + loaded + " of " + rows + " rows; a trigger may drop rows"));
        }
        return rows;
    }

    /** While a COPY is open, the driver makes every other statement of its connection wait, a rollback too: for ever. */
    private static void end(CopyRows out, CopyIn in, Connection target) {
        try (out) {
            if (in != null && in.isActive()) {
                in.cancelCopy();
            }
        } catch (SQLException e) {
            abort(in, target);
        }
    }

    /** What could not be ended is of a connection that is lost; whoever needs it hears of that. */
    private static void abort(CopyIn in, Connection target) {
        try {
            if (in != null && in.isActive()) {
                target.abort(Runnable::run);
            }
        } catch (SQLException e) {
            // It is gone, as it should be.
        }
    }

    private void append(CopyIn in, byte[] row) throws EndFailedException {
        int offset = 0;
        while (offset < row.length) {
            if (filled == buffer.length) {
                flush(in);
            }
            int length = Math.min(row.length - offset, buffer.length - filled);
            System.arraycopy(row, offset, buffer, filled, length);
            filled += length;
            offset += length;
        }
    }

    private void flush(CopyIn in) throws EndFailedException {
        if (filled > 0) {
            atTarget(() -> {
                in.writeToCopy(buffer, 0, filled);
                return null;
            });
            meter.passed(rowsInBuffer, filled);
            filled = 0;
            rowsInBuffer = 0;
        }
    }

    private interface Call<T> {
        T run() throws SQLException;
    }

    private static <T> T atSource(Call<T> call) throws EndFailedException {
        return at("source", call);
    }

    private static <T> T atTarget(Call<T> call) throws EndFailedException {
        return at("target", call);
    }

    private static <T> T at(String role, Call<T> call) throws EndFailedException {
        try {
            return call.run();
        } catch (SQLException e) {
            throw new EndFailedException(role, e);
        }
    }
}
