package dev.godwit.apply.write;

import dev.godwit.apply.ApplyConfig.LargeTransactions;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.SpilledChanges;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.ledger.Ledger;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.dialect.FailureClass;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a transaction that does not fit into memory, chunk by chunk in the order of the source: by one target
 * transaction, or, above a size, by several, each of which the ledger records.
 *
 * <p>At the end of each chunk the target holds what the source held at that point of its transaction. The source
 * checks most constraints there too; those that it checks later (deferred ones, cascades, foreign keys within one
 * statement) may fail at the border of a chunk. Then the chunk is written together with the next ones, as far as memory
 * allows. The same holds for the borders between target transactions.
 */
final class LargeTransactionWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LargeTransactionWriter.class);
    /** A chunk that the target refuses may grow to so many times its usual size. */
    private static final int CHUNK_GROWTH_MAX = 8;

    private final TargetTransactions transactions;
    private final Ledger ledger;
    private final Retries retries;
    private final Dialect dialect;
    private final StatementOrder order;
    private final LargeTransactions limits;

    LargeTransactionWriter(
            TargetTransactions transactions,
            Ledger ledger,
            Retries retries,
            Dialect dialect,
            StatementOrder order,
            LargeTransactions limits) {
        this.transactions = transactions;
        this.ledger = ledger;
        this.retries = retries;
        this.dialect = dialect;
        this.order = order;
        this.limits = limits;
    }

    /** A target transaction that is open to be written, under the epoch of this owner. */
    interface TargetTransactions {
        Connection begin() throws SQLException;
    }

    /** How the rows of a chunk may be ordered. */
    interface StatementOrder {
        /** @param carefully after the usual order was refused */
        List<WriteStep> steps(Connection connection, FoldedBatch batch, boolean carefully) throws SQLException;
    }

    /** The end of a piece: a place in the transaction, and whether it was the last one. */
    private record PieceEnd(long place, boolean last) {}

    /** The constraints do not hold at the end of a piece. */
    private static final class RefusedBorderException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private RefusedBorderException(SQLException cause) {
            super(cause);
        }
    }

    /** @param begunAt the place up to which pieces of an earlier run are in; null if none */
    void write(Transaction transaction, Long begunAt) {
        boolean resume = begunAt != null && transaction.spilled().hasStableOrder();
        long place = resume ? begunAt : SpilledChanges.BEGINNING;
        long pieceRowsMax = limits.targetTransactionRowsMax();
        boolean last = false;
        while (!last) {
            try {
                PieceEnd end = piece(transaction, place, pieceRowsMax);
                place = end.place;
                last = end.last;
            } catch (RefusedBorderException e) {
                // Whatever was deferred is brought into order by what comes later in the transaction.
                pieceRowsMax = pieceRowsMax > transaction.rows() / 2 ? Long.MAX_VALUE : pieceRowsMax * 2;
                LOG.info(
                        "transaction {} cannot be cut after {} rows: {}",
                        transaction.position(),
                        pieceRowsMax / 2,
                        e.getCause().getMessage());
            }
        }
    }

    private PieceEnd piece(Transaction transaction, long behind, long rowsMax) {
        String what = "write transaction " + transaction.position() + " of " + transaction.rows() + " rows";
        try {
            return retries.run(what, dialect, attempt -> {
                try (Connection connection = transactions.begin()) {
                    try {
                        PieceEnd known = attempt.outcomeUnknown() ? alreadyIn(connection, transaction, behind) : null;
                        if (known == null) {
                            known = piece(connection, transaction, behind, rowsMax);
                        }
                        return known;
                    } catch (SQLException | RuntimeException e) {
                        rollbackQuietly(connection, e);
                        throw e;
                    }
                }
            });
        } catch (Retries.FailedException e) {
            throw new ApplyException("cannot " + what + ": " + e.getMessage(), e.getCause());
        }
    }

    /** The answer to a commit whose outcome nobody heard. Ends the target transaction if there is one. */
    private PieceEnd alreadyIn(Connection connection, Transaction transaction, long behind) throws SQLException {
        PieceEnd end = null;
        Long place = ledger.pieces().place(connection, transaction.position());
        if (ledger.isRecorded(connection, transaction.position())) {
            end = new PieceEnd(behind, true);
        } else if (place != null && place > behind) {
            end = new PieceEnd(place, false);
        }
        if (end != null) {
            connection.rollback();
        }
        return end;
    }

    private PieceEnd piece(Connection connection, Transaction transaction, long behind, long rowsMax)
            throws SQLException {
        try (SpilledChanges.Reader reader = transaction.spilled().read(behind)) {
            Chunks chunks = new Chunks(reader, limits);
            long rows = 0;
            do {
                rows += write(connection, transaction, chunks);
            } while (rows < rowsMax && chunks.hasNext());
            boolean last = !chunks.hasNext();
            if (last) {
                ledger.pieces().finish(connection, transaction.position());
                ledger.record(connection, List.of(transaction.position()), rows);
            } else {
                ledger.pieces().record(connection, transaction.position(), chunks.place(), rows);
            }
            commit(connection, last);
            return new PieceEnd(chunks.place(), last);
        }
    }

    private void commit(Connection connection, boolean last) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (!last && dialect.classify(e) == FailureClass.RETRY_AFTER_EARLIER) {
                throw new RefusedBorderException(e);
            }
            throw e;
        }
    }

    /** Writes one chunk; several as one, where the target allows no border between them. */
    private long write(Connection connection, Transaction transaction, Chunks chunks) throws SQLException {
        List<Change> changes = chunks.next();
        for (int size = 1; ; size++) {
            if (retries.isStopped()) {
                throw new ApplyException("stopped while writing transaction " + transaction.position()
                        + "; the next owner writes it again");
            }
            try {
                write(connection, changes);
                return changes.size();
            } catch (SQLException e) {
                if (dialect.classify(e) != FailureClass.RETRY_AFTER_EARLIER
                        || size == CHUNK_GROWTH_MAX
                        || !chunks.hasNext()) {
                    throw refused(transaction, changes, e);
                }
                changes.addAll(chunks.next());
            }
        }
    }

    /** On a failure, nothing of the chunk is in the target transaction, which goes on if the database allows that. */
    private void write(Connection connection, List<Change> changes) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            execute(connection, changes, false);
        } catch (SQLException e) {
            if (dialect.classify(e) != FailureClass.RETRY_AFTER_EARLIER) {
                throw e;
            }
            connection.rollback(before);
            try {
                execute(connection, changes, true);
            } catch (SQLException again) {
                if (dialect.classify(again) == FailureClass.RETRY_AFTER_EARLIER) {
                    connection.rollback(before);
                }
                throw again;
            }
        }
        connection.releaseSavepoint(before);
    }

    private void execute(Connection connection, List<Change> changes, boolean carefully) throws SQLException {
        FoldedBatch folded = new FoldedBatch(changes);
        RowCompletion.complete(connection, dialect, folded);
        for (WriteStep step : order.steps(connection, folded, carefully)) {
            step.execute(connection);
        }
    }

    /** What is not about these rows (a lost connection, a serialization failure) stays as it is, to be retried. */
    private SQLException refused(Transaction transaction, List<Change> changes, SQLException e) {
        FailureClass failureClass = dialect.classify(e);
        if (failureClass != FailureClass.RETRY_AFTER_EARLIER && failureClass != FailureClass.BAD_ROW) {
            return e;
        }
        throw new ApplyException(
                "the replication target refuses transaction " + transaction.position() + " of " + transaction.rows()
                        + " rows, which is too large for memory, between " + changes.get(0) + " and "
                        + changes.get(changes.size() - 1) + ": " + e.getMessage() + " (SQLSTATE " + e.getSQLState()
                        + "). Nothing of this piece is written."
                        + (failureClass == FailureClass.BAD_ROW
                                ? ""
                                : " The source checks this constraint later than after so many rows: make it"
                                        + " DEFERRABLE on the target, drop it until cut-over, or raise the memory for"
                                        + " transactions"),
                e);
    }

    private static void rollbackQuietly(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
