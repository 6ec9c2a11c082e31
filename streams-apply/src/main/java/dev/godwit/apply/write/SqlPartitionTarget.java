package dev.godwit.apply.write;

import com.zaxxer.hikari.HikariDataSource;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.Ledger;
import dev.godwit.apply.ledger.PartitionLedger;
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
import java.util.Set;

/** A target by JDBC: one connection, one target transaction after the other. */
public final class SqlPartitionTarget implements PartitionTarget {
    /** The usual one and the careful one. */
    private static final int ORDERS = 2;

    private final Database database;
    private final String domain;
    private final Ledger ledger;
    private final PartitionLedger partition;
    private final Retries retries;
    private final HikariDataSource pool;
    private final TableOrderPlan usualPlan;
    private final RowOrderPlan carefulPlan;
    private final boolean defersConstraints;
    private final Catalog catalog;
    private final HeldUpRows heldUpRows;
    private long epoch;

    /**
     * @param catalog of the target, at least the tables that are written and their neighbours by foreign key
     * @param slices the row filters of tables of which only a part is ours
     */
    public SqlPartitionTarget(
            Database database, String domain, Catalog catalog, Map<TableName, RowFilter> slices, Retries retries) {
        this.database = database;
        this.domain = domain;
        this.ledger = new Ledger(domain);
        this.partition = new PartitionLedger(domain);
        this.retries = retries;
        this.catalog = catalog;
        this.heldUpRows = new HeldUpRows(catalog);
        this.pool = database.writerPool("godwit-apply " + domain, 1);
        Statements statements = new Statements(database.dialect(), catalog, slices);
        this.usualPlan = new TableOrderPlan(
                statements, ForeignKeyOrder.of(catalog.tables().keySet(), catalog.foreignKeys()));
        this.carefulPlan = new RowOrderPlan(statements, catalog);
        this.defersConstraints = database.product() == Product.POSTGRESQL
                && catalog.foreignKeys().stream().anyMatch(ForeignKey::deferrable);
    }

    @Override
    public Taken takeOver() {
        return retries.run("take over the domain", database.dialect(), attempt -> {
            try (Connection connection = pool.getConnection()) {
                connection.setAutoCommit(true);
                LedgerSchema.create(connection);
                connection.setAutoCommit(false);
                DomainState state = ledger.takeOver(connection);
                String records = partition.records(connection);
                connection.commit();
                epoch = state.epoch();
                return new Taken(state, records);
            }
        });
    }

    @Override
    public void write(List<Change> changes, PartitionLedger.Entry entry) {
        FoldedBatch folded = new FoldedBatch(changes);
        try {
            retries.run("write " + folded.rows() + " row(s)", database.dialect(), ORDERS, attempt -> {
                try (Connection connection = pool.getConnection()) {
                    connection.setAutoCommit(false);
                    write(connection, folded, entry, attempt);
                    return null;
                }
            });
        } catch (Retries.FailedException e) {
            if (e.isAboutConstraints()) {
                throw new RefusedByConstraintException(e.getMessage(), e);
            }
            throw explained(folded, e);
        } catch (NoOrderException e) {
            throw new RefusedByConstraintException(e.getMessage(), e);
        } catch (WriteStep.MissingRowException e) {
            throw new ApplyException(
                    domain
                            + ": the source sent only a part of a row, and the target has no such row to complete it from ("
                            + changes.size() + " changes, the first is " + changes.get(0)
                            + "). In mode immediate the rest may have been deleted by another partition; run on the source:"
                            + " ALTER TABLE <table> REPLICA IDENTITY FULL, then load the phase again",
                    e);
        }
    }

    private void write(Connection connection, FoldedBatch folded, PartitionLedger.Entry entry, Retries.Attempt attempt)
            throws SQLException {
        try {
            ledger.requireEpoch(connection, epoch);
            if (attempt.outcomeUnknown() && entry.records().equals(partition.records(connection))) {
                connection.rollback();
                return;
            }
            if (defersConstraints) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET CONSTRAINTS ALL DEFERRED");
                }
            }
            RowCompletion.complete(connection, database.dialect(), folded);
            if (attempt.refusals() > 0) {
                requireNothingHeldUp(connection, folded);
            }
            boolean carefully = attempt.refusals() > 0 || carefulPlan.isNeeded(folded);
            List<WriteStep> steps = carefully ? carefulPlan.steps(connection, folded) : usualPlan.steps(folded);
            for (WriteStep step : steps) {
                step.execute(connection);
            }
            partition.record(connection, epoch, entry, folded.rows());
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            try {
                connection.rollback();
            } catch (SQLException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Another order of statements costs as much as the first, and is of no use while rows wait for other partitions. */
    private void requireNothingHeldUp(Connection connection, FoldedBatch folded) throws SQLException {
        if (NeighbourLookup.isPossible(database.dialect())) {
            Map<TableName, Set<Key>> heldUp =
                    heldUpRows.find(folded, new NeighbourLookup(connection, database.dialect(), catalog));
            if (!heldUp.isEmpty()) {
                Map.Entry<TableName, Set<Key>> some =
                        heldUp.entrySet().iterator().next();
                throw new RefusedByConstraintException(
                        some.getValue().size() + " row(s) of " + some.getKey() + ", one with key "
                                + some.getValue().iterator().next() + ", wait for their parents or children",
                        null,
                        heldUp);
            }
        }
    }

    private ApplyException explained(FoldedBatch folded, Retries.FailedException failure) {
        Change culprit = failure.isAboutRows() ? firstFailing(folded) : null;
        return new ApplyException(
                (culprit == null
                                ? "cannot write to the replication target"
                                : "the replication target refuses " + culprit)
                        + ": " + failure.getMessage(),
                failure.getCause());
    }

    /** Runs the batch row by row and rolls it back, to name the row. Null if it cannot be told. */
    private Change firstFailing(FoldedBatch folded) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                for (WriteStep step : usualPlan.steps(folded)) {
                    Change culprit = step.firstFailing(connection);
                    if (culprit != null) {
                        return culprit;
                    }
                }
                return null;
            } finally {
                connection.rollback();
            }
        } catch (SQLException | ApplyException e) {
            return null;
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
