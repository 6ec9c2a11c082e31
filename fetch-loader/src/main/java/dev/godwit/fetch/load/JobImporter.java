package dev.godwit.fetch.load;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FileOptions;
import dev.godwit.fetch.Splitting;
import dev.godwit.fetch.file.Compression;
import dev.godwit.fetch.file.Manifest;
import dev.godwit.fetch.importinto.ImportFailedException;
import dev.godwit.fetch.importinto.ImportListener;
import dev.godwit.fetch.importinto.ImportPatience;
import dev.godwit.fetch.importinto.ImportStatement;
import dev.godwit.fetch.importinto.TableImport;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.state.FetchLedger;
import dev.godwit.fetch.state.FileState;
import dev.godwit.fetch.state.JobLedger;
import dev.godwit.fetch.store.FileStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Loads files by {@code IMPORT INTO}, batch by batch, one batch of a table at a time. Foreign keys do not matter: CockroachDB does not look at them then. */
final class JobImporter implements FileLoad.FileImporter {
    private final Database target;
    private final FetchLedger ledger;
    private final FetchListener listener;
    private final TableEnd end;
    private final Splitting splitting;
    private final FileOptions options;
    private final FileStore store;
    private final Manifest manifest;
    private final TableImport imports;
    private final Map<TableName, Object> tableLocks = new ConcurrentHashMap<>();
    private final Map<TableName, Long> batchRows = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /** Files that one job imports. */
    private record Batch(TableName table, TableImport.Batch files, long rows, long bytes) {}

    JobImporter(
            Database target,
            FetchLedger ledger,
            FetchListener listener,
            TableEnd end,
            Splitting splitting,
            FileOptions options,
            FileStore store,
            Manifest manifest) {
        this.target = target;
        this.ledger = ledger;
        this.listener = listener;
        this.end = end;
        this.splitting = splitting;
        this.options = options;
        this.store = store;
        this.manifest = manifest;
        this.imports = new TableImport(
                target::open,
                target.dialect(),
                new JobLedger(target, ledger.fetchId()),
                new Watcher(),
                ImportPatience.DEFAULT);
    }

    @Override
    public void run(List<FileLoad.Open> tables) throws LoadBrokenException, InterruptedException {
        List<WorkQueue.Table<Batch>> work = new ArrayList<>();
        for (FileLoad.Open open : tables) {
            work.add(new WorkQueue.Table<>(open.table().source(), Set.of(), 0, batches(open)));
        }
        if (tables.isEmpty()) {
            return;
        }
        listener.warned("while their files are imported, these tables of the target are offline: "
                + String.join(
                        ", ",
                        tables.stream()
                                .map(open -> open.table().target().toString())
                                .distinct()
                                .toList()));
        WorkQueue<Batch> queue = new WorkQueue<>(work, splitting.tablesMax(), 1, Long.MAX_VALUE);
        new Workers<>(queue, () -> {}).run(Math.min(splitting.tablesMax(), tables.size()), (worker, piece) -> {
            end.begin(piece.table());
            load(piece.piece());
            if (queue.done(piece)) {
                end.done(piece.table());
                queue.tableDone(piece.table());
            }
        });
    }

    /** Files of which a job was begun stay together; it is waited for. */
    private List<Batch> batches(FileLoad.Open open) throws LoadBrokenException {
        Map<Long, List<FileState>> begun = new LinkedHashMap<>();
        List<List<FileState>> groups = new ArrayList<>();
        List<FileState> fresh = new ArrayList<>();
        for (FileState file : open.files()) {
            if (file.job().isPresent()) {
                begun.computeIfAbsent(file.job().getAsLong(), job -> new ArrayList<>())
                        .add(file);
            } else {
                fresh.add(file);
            }
        }
        groups.addAll(begun.values());
        for (int from = 0; from < fresh.size(); from += options.importBatchFiles()) {
            groups.add(fresh.subList(from, Math.min(fresh.size(), from + options.importBatchFiles())));
        }
        List<Batch> batches = new ArrayList<>();
        for (List<FileState> group : groups) {
            batches.add(batch(open.table(), group));
        }
        return batches;
    }

    private Batch batch(Manifest.Table table, List<FileState> files) throws LoadBrokenException {
        List<String> names = files.stream().map(file -> file.part().name()).toList();
        try {
            ImportStatement statement = new ImportStatement(
                    table.target(),
                    table.columns(),
                    names.stream().map(store::importUrl).toList(),
                    manifest.compression() == Compression.GZIP,
                    files.stream()
                            .mapToLong(file -> file.part().largestRowBytes())
                            .max()
                            .orElse(0));
            return new Batch(
                    table.source(),
                    new TableImport.Batch(names, statement),
                    files.stream().mapToLong(file -> file.part().rows()).sum(),
                    files.stream().mapToLong(file -> file.part().bytes()).sum());
        } catch (RefusedException e) {
            throw new LoadBrokenException("table " + table.source() + ": " + e.getMessage(), e.remedy(), e);
        }
    }

    private void load(Batch batch) throws LoadBrokenException, InterruptedException {
        TableName table = batch.files().statement().table();
        // Several tables of the source may be merged into one.
        synchronized (tableLocks.computeIfAbsent(table, name -> new Object())) {
            if (stopping) {
                throw new LoadBrokenException("the load was stopped", "", null);
            }
            batchRows.put(table, batch.rows());
            try {
                importFiles(batch);
            } catch (ImportFailedException e) {
                throw new LoadBrokenException("table " + batch.table() + ": " + e.getMessage(), e.remedy(), e);
            }
            end.fileDone(batch.table(), batch.rows(), batch.bytes());
        }
    }

    /** A process that was ended may have gone before the cluster had taken back its cancelled job. Whoever carries on wants the files in. */
    private void importFiles(Batch batch) throws ImportFailedException, InterruptedException {
        try {
            imports.run(batch.files());
        } catch (ImportFailedException e) {
            if (!e.cancelledBefore() || stopping) {
                throw e;
            }
            listener.informed(e.getMessage() + "; its files are imported anew");
            imports.run(batch.files());
        }
    }

    /** Ends the jobs that are under way; what they have written is taken back. */
    @Override
    public void stop() {
        stopping = true;
        try {
            for (FileState file : ledger.files()) {
                if (file.job().isPresent() && !file.imported()) {
                    TableImport.cancel(target::open, file.job().getAsLong());
                }
            }
        } catch (SQLException e) {
            listener.warned("import jobs could not be cancelled: " + e.getMessage()
                    + "; they go on, and a continuation waits for them");
        }
    }

    /** Tells people what the jobs do. */
    private final class Watcher implements ImportListener {
        @Override
        public void progressed(TableName table, long job, double fractionCompleted) {
            listener.informed("job " + job + " imports into " + table + ": " + Math.round(fractionCompleted * 100)
                    + " % of " + batchRows.getOrDefault(table, 0L) + " rows");
        }

        @Override
        public void paused(TableName table, long job, String reason) {
            listener.warned("job " + job + ", which imports into " + table + ", is paused: " + reason);
        }

        @Override
        public void contactLost(TableName table, long job, String reason) {
            listener.warned("the target does not answer while job " + job + " imports into " + table + ": " + reason);
        }
    }
}
