package dev.godwit.fetch.load;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FileOptions;
import dev.godwit.fetch.file.FileLimits;
import dev.godwit.fetch.file.FilePart;
import dev.godwit.fetch.file.ShardExport;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.session.SqlFailure;
import dev.godwit.fetch.shard.Shard;
import dev.godwit.fetch.source.CopyRows;
import dev.godwit.fetch.source.RowRoom;
import dev.godwit.fetch.store.FileStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Brings shards from the snapshot into files. A shard's files are whole and durable before the ledger says so; a shard that was interrupted is exported anew, over the same names.
 */
final class FileExport {
    private static final int ATTEMPTS_MAX = 3;

    private final LoadSession session;
    private final FetchListener listener;
    private final FileOptions options;
    private final FileStore store;
    private final ShardExport export;

    FileExport(LoadSession session, FileOptions options, FileStore store) {
        this.session = session;
        this.listener = session.listener();
        this.options = options;
        this.store = store;
        this.export = new ShardExport(store, options.compression());
    }

    /** Returns when every row is in a whole file. Parents need not come before children here. */
    void run(List<WorkQueue.Table<Shard>> tables) throws LoadBrokenException, InterruptedException {
        WorkQueue<Shard> queue = new WorkQueue<>(
                tables,
                session.request().splitting().tablesMax(),
                session.request().splitting().shardsPerTableMax(),
                RowRoom.bytesMax());
        new Workers<>(queue, session.connections()::abort)
                .run(session.workers(), (worker, work) -> export(queue, worker, work));
    }

    private void export(WorkQueue<Shard> queue, int worker, WorkQueue.Work<Shard> work) throws LoadBrokenException {
        TablePlan table = work.piece().table();
        TableTally tally = session.tallies().get(table.name());
        if (tally.start()) {
            listener.exportStarted(table.name());
        }
        for (int attempt = 1; !exported(work.piece(), worker, tally, attempt); attempt++) {
            listener.warned("table " + table.name() + ": a connection to the source was lost; reading shard "
                    + work.piece().number() + " again, from the same snapshot");
        }
        if (queue.done(work)) {
            Completeness.require(session, table, worker, tally, "exported");
            listener.tableExported(table.name(), tally.rows(), tally.bytes(), tally.elapsed());
            queue.tableDone(table.name());
        }
    }

    private boolean exported(Shard shard, int worker, TableTally tally, int attempt) throws LoadBrokenException {
        TablePlan table = shard.table();
        TableName name = table.name();
        Progress progress = new Progress(name, tally);
        // Rows that refer to each other must arrive by one statement.
        FileLimits limits = table.selfReference() ? FileLimits.NONE : options.limits();
        List<FilePart> parts;
        try (CopyRows rows = session.source().reader(worker).rows(table, shard.range())) {
            parts = export.run(rows, FileNames.prefix(session.ledger().fetchId(), shard), limits, progress);
            progress.tell();
        } catch (SQLException e) {
            if (attempt < ATTEMPTS_MAX
                    && SqlFailure.isConnectionLost(e)
                    && session.source().reopen(worker)) {
                progress.takeBack();
                return false;
            }
            throw LoadBrokenException.of("table " + name + ": reading from the source failed", e);
        } catch (IOException e) {
            throw new LoadBrokenException(
                    "table " + name + ": writing a file in " + store.location() + " failed: " + e.getMessage(),
                    "make room there, or mend what the message names",
                    e);
        }
        record(shard, worker, tally, parts, progress.bytes);
        return true;
    }

    private void record(Shard shard, int worker, TableTally tally, List<FilePart> parts, long bytes)
            throws LoadBrokenException {
        Connection target = session.target(worker);
        TableName name = shard.table().name();
        long rows = parts.stream().mapToLong(FilePart::rows).sum();
        try {
            target.setAutoCommit(false);
            if (session.ledger().claimShard(target, name, shard.number())) {
                session.ledger().shardDone(target, name, shard.number(), rows, bytes, parts);
            }
            target.commit();
            tally.foundThere(rows, 0);
        } catch (SQLException e) {
            throw LoadBrokenException.of("table " + name + ": recording its files on the target failed", e);
        }
    }

    /** Tells of many rows at once: a call for each would cost more than the row. */
    private final class Progress implements ShardExport.Meter {
        private static final int ROWS_AT_ONCE = 1_000;

        private final TableName table;
        private final TableTally tally;
        private long rows;
        private long bytes;
        private long rowsTold;
        private long bytesTold;

        Progress(TableName table, TableTally tally) {
            this.table = table;
            this.tally = tally;
        }

        @Override
        public void passed(long moreRows, long moreBytes) {
            rows += moreRows;
            bytes += moreBytes;
            if (rows - rowsTold >= ROWS_AT_ONCE) {
                tell();
            }
        }

        void tell() {
            tally.passed(bytes - bytesTold);
            listener.progressed(table, rows - rowsTold, bytes - bytesTold);
            rowsTold = rows;
            bytesTold = bytes;
        }

        void takeBack() {
            tally.passed(-bytesTold);
            listener.progressed(table, -rowsTold, -bytesTold);
        }
    }
}
