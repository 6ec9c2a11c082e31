package dev.godwit.fetch.load;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.session.SqlFailure;
import dev.godwit.fetch.shard.Shard;
import dev.godwit.fetch.source.RowRoom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Brings shards from the snapshot into the target without files. Each shard's rows and the ledger's word that they are in are one target transaction, so that whoever continues
 * a killed load knows exactly which shards are in.
 */
final class DirectLoad {
    private static final int ATTEMPTS_MAX = 3;

    private final LoadSession session;
    private final FetchListener listener;

    DirectLoad(LoadSession session) {
        this.session = session;
        this.listener = session.listener();
    }

    /** Returns when every row is committed. */
    void run(List<WorkQueue.Table<Shard>> tables) throws LoadBrokenException, InterruptedException {
        WorkQueue<Shard> queue = new WorkQueue<>(
                tables,
                session.request().splitting().tablesMax(),
                session.request().splitting().shardsPerTableMax(),
                RowRoom.bytesMax());
        new Workers<>(queue, session.connections()::abort)
                .run(session.workers(), (worker, work) -> load(queue, worker, work));
    }

    private void load(WorkQueue<Shard> queue, int worker, WorkQueue.Work<Shard> work) throws LoadBrokenException {
        TablePlan table = work.piece().table();
        TableTally tally = session.tallies().get(table.name());
        if (tally.start()) {
            listener.tableStarted(table.name());
        }
        int attempt = 1;
        while (!copied(work.piece(), worker, tally, attempt)) {
            attempt++;
        }
        if (queue.done(work)) {
            Completeness.require(session, table, worker, tally, "loaded");
            recordComplete(table, tally);
            listener.tableLoaded(table.name(), tally.rows(), tally.bytes(), tally.elapsed());
            queue.tableDone(table.name());
        }
    }

    /** Returns false if nothing of the shard is on the target, and it can be read again from the same snapshot. */
    private boolean copied(Shard shard, int worker, TableTally tally, int attempt) throws LoadBrokenException {
        TablePlan table = shard.table();
        TableName name = table.name();
        Connection target = session.target(worker);
        long[] bytes = new long[1];
        long[] rowsTold = new long[1];
        CopyPipe pipe = new CopyPipe((moreRows, moreBytes) -> {
            bytes[0] += moreBytes;
            rowsTold[0] += moreRows;
            tally.passed(moreBytes);
            listener.progressed(name, moreRows, moreBytes);
        });
        boolean committing = false;
        try {
            target.setAutoCommit(false);
            if (!session.ledger().claimShard(target, name, shard.number())) {
                target.rollback();
                foundThere(shard, tally);
                return true;
            }
            long rows = pipe.run(
                    session.source().reader(worker),
                    table,
                    shard.range(),
                    target,
                    table.importSql(session.request().target().dialect()));
            session.ledger().shardDone(target, name, shard.number(), rows, bytes[0], List.of());
            tally.committing();
            committing = true;
            target.commit();
            tally.committed(rows);
            return true;
        } catch (CopyPipe.EndFailedException e) {
            boolean atSource = e.role().equals("source");
            if (atSource
                    && attempt < ATTEMPTS_MAX
                    && SqlFailure.isConnectionLost(e.failure())
                    && tookBack(target, worker)) {
                again(shard, tally, rowsTold[0], bytes[0], "a connection to the source was lost");
                return false;
            }
            // The reading was broken off in its middle, and cannot go on in that session.
            if (!atSource
                    && TargetRetry.comesAgain(session.request().target(), target, e.failure(), attempt)
                    && session.source().reopen(worker)) {
                again(shard, tally, rowsTold[0], bytes[0], SqlFailure.describe(e.failure()));
                return false;
            }
            String doing = atSource ? "reading from the source" : "writing to the target";
            throw LoadBrokenException.of("table " + name + ": " + doing + " failed", e.failure());
        } catch (SQLException e) {
            if (TargetRetry.comesAgain(session.request().target(), target, e, attempt)) {
                if (committing) {
                    tally.rolledBack();
                }
                again(shard, tally, rowsTold[0], bytes[0], SqlFailure.describe(e));
                return false;
            }
            throw LoadBrokenException.of("table " + name + ": committing on the target failed", e);
        }
    }

    private void again(Shard shard, TableTally tally, long rowsTold, long bytes, String reason) {
        TableName name = shard.table().name();
        tally.passed(-bytes);
        listener.progressed(name, -rowsTold, -bytes);
        listener.warned("table " + name + ": " + reason + "; reading shard " + shard.number()
                + " again, from the same snapshot");
    }

    private boolean tookBack(Connection target, int worker) {
        try {
            target.rollback();
            return session.source().reopen(worker);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Whoever was killed had committed it after all. */
    private void foundThere(Shard shard, TableTally tally) throws SQLException {
        session.ledger().shards().stream()
                .filter(state -> state.table().equals(shard.table().name()) && state.number() == shard.number())
                .forEach(state -> {
                    tally.foundThere(state.rows(), state.bytes());
                    listener.progressed(state.table(), state.rows(), state.bytes());
                });
    }

    private void recordComplete(TablePlan table, TableTally tally) throws LoadBrokenException {
        try {
            session.ledger().tableComplete(table.name(), tally.rows());
        } catch (SQLException e) {
            throw LoadBrokenException.of("table " + table.name() + ": recording that it is complete failed", e);
        }
    }
}
