package dev.godwit.fetch.load;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.session.OpenConnections;
import dev.godwit.fetch.shard.Shard;
import dev.godwit.fetch.snapshot.SnapshotReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Loads all shards, as many at a time as there are pairs of connections. The first failure ends all of them. */
final class ParallelLoad {
    private final FetchRequest request;
    private final FetchListener listener;
    private final OpenConnections connections;
    private final Map<TablePlan, List<Shard>> shards;
    private final Map<TableName, TableTally> tallies = new LinkedHashMap<>();
    private final WorkQueue queue;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    ParallelLoad(
            FetchRequest request,
            FetchListener listener,
            OpenConnections connections,
            Map<TablePlan, List<Shard>> shards) {
        this.request = request;
        this.listener = listener;
        this.connections = connections;
        this.shards = shards;
        this.queue = new WorkQueue(
                shards, request.splitting().tablesMax(), request.splitting().shardsPerTableMax());
        shards.forEach((table, own) -> tallies.put(table.name(), new TableTally(own.size())));
    }

    /** What has arrived so far, table by table. May be asked after a failure too. */
    Map<TableName, TableTally> tallies() {
        return tallies;
    }

    /**
     * Returns when every row is committed.
     *
     * @param targets as many as readers
     */
    void run(List<SnapshotReader> readers, List<Connection> targets) throws LoadBrokenException, InterruptedException {
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < readers.size(); i++) {
            SnapshotReader reader = readers.get(i);
            Connection target = targets.get(i);
            workers.add(new Thread(() -> work(reader, target), "godwit-fetch-" + (i + 1)));
        }
        workers.forEach(Thread::start);
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            stop(e);
            for (Thread worker : workers) {
                worker.join();
            }
            throw e;
        }
        Throwable broken = failure.get();
        if (broken instanceof LoadBrokenException known) {
            throw known;
        }
        if (broken != null) {
            throw new LoadBrokenException("the load broke off: " + broken, "", broken);
        }
    }

    /** Failures that follow from the first, since it cuts all connections off, are not news. */
    private void stop(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            queue.stop();
            connections.abort();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a worker must not die without stopping the others
    private void work(SnapshotReader reader, Connection target) {
        try {
            Shard shard = queue.take();
            while (shard != null) {
                load(shard, reader, target);
                shard = queue.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop(e);
        } catch (Exception | Error e) {
            stop(e);
        }
    }

    private void load(Shard shard, SnapshotReader reader, Connection target) throws LoadBrokenException {
        TablePlan table = shard.table();
        TableTally tally = tallies.get(table.name());
        if (tally.start()) {
            listener.tableStarted(table.name());
        }
        copy(shard, reader, target, tally);
        if (queue.shardDone(shard)) {
            if (shards.get(table).size() > 1) {
                requireComplete(table, reader, tally);
            }
            listener.tableLoaded(table.name(), tally.rows(), tally.bytes(), tally.elapsed());
            queue.tableDone(table.name());
        }
    }

    private void copy(Shard shard, SnapshotReader reader, Connection target, TableTally tally)
            throws LoadBrokenException {
        TablePlan table = shard.table();
        Dialect source = request.source().dialect();
        CopyPipe pipe = new CopyPipe((moreRows, moreBytes) -> {
            tally.passed(moreBytes);
            listener.progressed(table.name(), moreRows, moreBytes);
        });
        try {
            target.setAutoCommit(false);
            long rows = pipe.run(
                    reader.connection(),
                    table.exportSql(source, shard.range()),
                    target,
                    table.importSql(request.target().dialect()));
            tally.committing();
            target.commit();
            tally.committed(rows);
        } catch (CopyPipe.EndFailedException e) {
            String doing = e.role().equals("source") ? "reading from the source" : "writing to the target";
            throw LoadBrokenException.of("table " + table.name() + ": " + doing + " failed", e.failure());
        } catch (SQLException e) {
            throw LoadBrokenException.of("table " + table.name() + ": committing on the target failed", e);
        }
    }

    /** The ranges of a table that was cut must together be the whole. */
    private void requireComplete(TablePlan table, SnapshotReader reader, TableTally tally) throws LoadBrokenException {
        try {
            long expected = reader.number(
                    "SELECT count(*) FROM " + table.rows(request.source().dialect()));
            if (expected != tally.rows()) {
                throw new LoadBrokenException(
                        "table " + table.name() + ": " + tally.rows() + " rows were loaded, but the snapshot holds "
                                + expected,
                        "load it in one piece, and report this as a bug",
                        null);
            }
        } catch (SQLException e) {
            throw LoadBrokenException.of("table " + table.name() + ": counting its rows on the source failed", e);
        }
    }
}
