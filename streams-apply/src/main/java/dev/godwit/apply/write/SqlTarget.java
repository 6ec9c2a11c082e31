package dev.godwit.apply.write;

import com.zaxxer.hikari.HikariDataSource;
import dev.godwit.apply.ApplyConfig.LargeTransactions;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.Ledger;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.ForeignKeyOrder;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.ledger.LedgerSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** A {@link Target} in an SQL database. */
public final class SqlTarget implements Target {
    /** The usual one, the careful one, that of the source. */
    private static final int ORDERS = 3;

    private final Database database;
    private final Ledger ledger;
    private final Retries retries;
    private final HikariDataSource pool;
    private final TableOrderPlan usualPlan;
    private final RowOrderPlan carefulPlan;
    private final SourceOrderPlan sourceOrderPlan;
    private final boolean defersConstraints;
    private final LargeTransactionWriter large;
    private volatile long epoch;
    private volatile Map<Position, Long> begun = Map.of();

    /**
     * @param catalog of the target, at least the tables that are written and their neighbours by foreign key
     * @param slices the row filters of tables of which only a part is ours
     */
    public SqlTarget(
            Database database,
            String domain,
            Catalog catalog,
            Map<TableName, RowFilter> slices,
            int lanes,
            Retries retries) {
        this(database, domain, catalog, slices, lanes, retries, LargeTransactions.defaults());
    }

    /** @param large bounds of transactions that are too large for memory */
    public SqlTarget(
            Database database,
            String domain,
            Catalog catalog,
            Map<TableName, RowFilter> slices,
            int lanes,
            Retries retries,
            LargeTransactions large) {
        this.database = database;
        this.ledger = new Ledger(domain);
        this.retries = retries;
        this.pool = database.writerPool("godwit-apply " + domain, lanes + 1);
        Statements statements = new Statements(database.dialect(), catalog, slices);
        this.usualPlan = new TableOrderPlan(
                statements, ForeignKeyOrder.of(catalog.tables().keySet(), catalog.foreignKeys()));
        this.carefulPlan = new RowOrderPlan(statements, catalog);
        this.sourceOrderPlan = new SourceOrderPlan(statements);
        this.defersConstraints = database.product() == Product.POSTGRESQL
                && catalog.foreignKeys().stream().anyMatch(ForeignKey::deferrable);
        this.large = new LargeTransactionWriter(
                this::ownTransaction, ledger, retries, database.dialect(), this::steps, large);
    }

    @Override
    public DomainState takeOver() {
        return retries.run("take over the domain", database.dialect(), attempt -> {
            try (Connection connection = pool.getConnection()) {
                connection.setAutoCommit(true);
                LedgerSchema.create(connection);
                connection.setAutoCommit(false);
                DomainState state = ledger.takeOver(connection);
                connection.commit();
                epoch = state.epoch();
                begun = state.begun();
                return state;
            }
        });
    }

    @Override
    public void write(Batch batch) {
        if (batch.isSpilled()) {
            large.write(batch.transactions().get(0), begun.get(batch.last()));
            return;
        }
        FoldedBatch folded = new FoldedBatch(batch);
        try {
            int orders = batch.afterEarlier() ? ORDERS : ORDERS - 1;
            retries.run("write " + folded.rows() + " row(s)", database.dialect(), orders, attempt -> {
                try (Connection connection = transaction()) {
                    write(connection, batch, folded, attempt);
                    return null;
                }
            });
        } catch (Retries.FailedException e) {
            if (e.isAboutConstraints() && !batch.afterEarlier()) {
                throw new RefusedByConstraintException(e.getMessage(), e);
            }
            throw explained(folded, e);
        } catch (NoOrderException e) {
            if (!batch.afterEarlier()) {
                throw new RefusedByConstraintException(e.getMessage(), e);
            }
            throw e;
        } catch (WriteStep.MissingRowException e) {
            throw missing(folded, e);
        }
    }

    private void write(Connection connection, Batch batch, FoldedBatch folded, Retries.Attempt attempt)
            throws SQLException {
        try {
            ledger.requireEpoch(connection, epoch);
            if (attempt.outcomeUnknown() && ledger.isRecorded(connection, batch.last())) {
                connection.rollback();
                return;
            }
            if (defersConstraints) {
                deferConstraints(connection);
            }
            RowCompletion.complete(connection, database.dialect(), folded);
            for (WriteStep step : steps(connection, batch, folded, attempt)) {
                step.execute(connection);
            }
            finishBegun(connection, batch);
            ledger.record(connection, batch.positions(), folded.rows());
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            rollbackQuietly(connection, e);
            throw e;
        }
    }

    private List<WriteStep> steps(Connection connection, FoldedBatch folded, boolean carefully) throws SQLException {
        return carefully || carefulPlan.isNeeded(folded)
                ? carefulPlan.steps(connection, folded)
                : usualPlan.steps(folded);
    }

    /** What an earlier run began to write in pieces may fit into memory in this one. */
    private void finishBegun(Connection connection, Batch batch) throws SQLException {
        if (!begun.isEmpty()) {
            for (Transaction transaction : batch.transactions()) {
                if (begun.containsKey(transaction.position())) {
                    ledger.pieces().finish(connection, transaction.position());
                }
            }
        }
    }

    private List<WriteStep> steps(Connection connection, Batch batch, FoldedBatch folded, Retries.Attempt attempt)
            throws SQLException {
        boolean asTheSource = batch.afterEarlier() && attempt.refusals() >= ORDERS - 1;
        if (asTheSource && sourceOrderPlan.isPossible(batch)) {
            return sourceOrderPlan.steps(batch);
        }
        try {
            return steps(connection, folded, attempt.refusals() > 0);
        } catch (NoOrderException e) {
            if (batch.afterEarlier() && sourceOrderPlan.isPossible(batch)) {
                return sourceOrderPlan.steps(batch);
            }
            throw e;
        }
    }

    @Override
    public void advance(Progress progress) {
        retries.run("advance the consistent point", database.dialect(), attempt -> {
            try (Connection connection = transaction()) {
                try {
                    ledger.advance(connection, epoch, progress);
                    connection.commit();
                    return null;
                } catch (SQLException | RuntimeException e) {
                    rollbackQuietly(connection, e);
                    throw e;
                }
            }
        });
    }

    /** A transaction in which this owner may write, until its end. */
    private Connection ownTransaction() throws SQLException {
        Connection connection = transaction();
        try {
            ledger.requireEpoch(connection, epoch);
            if (defersConstraints) {
                deferConstraints(connection);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            rollbackQuietly(connection, e);
            connection.close();
            throw e;
        }
    }

    private Connection transaction() throws SQLException {
        Connection connection = pool.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void deferConstraints(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET CONSTRAINTS ALL DEFERRED");
        }
    }

    private static void rollbackQuietly(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private ApplyException missing(FoldedBatch folded, WriteStep.MissingRowException failure) {
        Change culprit = firstFailing(folded);
        String table = culprit == null ? "<table>" : culprit.table().toString();
        return new BadRowException(
                "the source sent only a part of the row for " + (culprit == null ? "an update" : culprit)
                        + ", and the target has no such row to complete it from; run on the source: ALTER TABLE "
                        + table
                        + " REPLICA IDENTITY FULL, then load the phase again",
                culprit,
                null,
                failure);
    }

    private ApplyException explained(FoldedBatch folded, Retries.FailedException failure) {
        if (!failure.isAboutRows()) {
            return new ApplyException(
                    "cannot write to the replication target: " + failure.getMessage(), failure.getCause());
        }
        Change culprit = firstFailing(folded);
        return new BadRowException(
                (culprit == null
                                ? "cannot write to the replication target"
                                : "the replication target refuses " + culprit)
                        + ": " + failure.getMessage(),
                culprit,
                failure.sqlState(),
                failure.getCause());
    }

    /**
     * Runs the batch row by row and rolls it back, to name the row. Null if it cannot be told.
     *
     * @throws NoOrderException if that is why the target refuses it
     */
    private Change firstFailing(FoldedBatch folded) {
        try (Connection connection = transaction()) {
            try {
                for (WriteStep step : carefulPlan.steps(connection, folded)) {
                    Change culprit = step.firstFailing(connection);
                    if (culprit != null) {
                        return culprit;
                    }
                }
                return null;
            } finally {
                connection.rollback();
            }
        } catch (NoOrderException e) {
            throw e;
        } catch (SQLException | ApplyException e) {
            return null;
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
