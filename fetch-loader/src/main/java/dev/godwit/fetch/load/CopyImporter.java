package dev.godwit.fetch.load;

import dev.godwit.database.Database;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.Splitting;
import dev.godwit.fetch.file.FileImport;
import dev.godwit.fetch.file.Manifest;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.session.OpenConnections;
import dev.godwit.fetch.session.PinnedSession;
import dev.godwit.fetch.session.SqlFailure;
import dev.godwit.fetch.state.FetchLedger;
import dev.godwit.fetch.state.FileState;
import dev.godwit.fetch.store.FileStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Loads files by {@code COPY}: a file's rows and the ledger's word that they are in are one target transaction. */
final class CopyImporter implements FileLoad.FileImporter {
    private final Database target;
    private final FetchLedger ledger;
    private final FetchListener listener;
    private final TableEnd end;
    private final OpenConnections connections;
    private final Splitting splitting;
    private final FileStore store;
    private final FileImport files;

    CopyImporter(
            Database target,
            FetchLedger ledger,
            FetchListener listener,
            TableEnd end,
            OpenConnections connections,
            Splitting splitting,
            FileStore store,
            Manifest manifest) {
        this.target = target;
        this.ledger = ledger;
        this.listener = listener;
        this.end = end;
        this.connections = connections;
        this.splitting = splitting;
        this.store = store;
        this.files = new FileImport(store, manifest.compression());
    }

    @Override
    public void run(List<FileLoad.Open> tables) throws LoadBrokenException, InterruptedException {
        Map<FileState, String> copies = new HashMap<>();
        List<WorkQueue.Table<FileState>> work = new ArrayList<>();
        for (FileLoad.Open open : tables) {
            open.files().forEach(file -> copies.put(file, open.table().copySql(target.dialect())));
            work.add(new WorkQueue.Table<>(open.table().source(), open.table().parents(), 0, open.files()));
        }
        int workers = Math.max(1, Math.min(splitting.workers(), copies.size()));
        List<Connection> targets = new ArrayList<>();
        try {
            for (int i = 0; i < workers; i++) {
                targets.add(connections.add(PinnedSession.open(target)));
            }
        } catch (SQLException e) {
            throw LoadBrokenException.of("opening connections to the target failed", e);
        }
        WorkQueue<FileState> queue =
                new WorkQueue<>(work, splitting.tablesMax(), splitting.shardsPerTableMax(), Long.MAX_VALUE);
        new Workers<>(queue, connections::abort).run(workers, (worker, piece) -> {
            end.begin(piece.table());
            load(piece.piece(), copies.get(piece.piece()), targets.get(worker));
            if (queue.done(piece)) {
                end.done(piece.table());
                queue.tableDone(piece.table());
            }
        });
    }

    private void load(FileState file, String copySql, Connection connection) throws LoadBrokenException {
        int attempt = 1;
        while (!loaded(file, copySql, connection, attempt)) {
            attempt++;
        }
    }

    /** Returns false if nothing of the file is in and it may be tried again. */
    private boolean loaded(FileState file, String copySql, Connection connection, int attempt)
            throws LoadBrokenException {
        String name = file.part().name();
        try {
            connection.setAutoCommit(false);
            if (ledger.claimFile(connection, name)) {
                files.run(file.part(), connection, copySql);
                ledger.fileImported(connection, name);
                connection.commit();
            } else {
                connection.rollback(); // whoever was killed had committed it after all
            }
            end.fileDone(file.table(), file.part().rows(), file.part().bytes());
            return true;
        } catch (SQLException e) {
            if (TargetRetry.comesAgain(target, connection, e, attempt)) {
                listener.warned("table " + file.table() + ": " + SqlFailure.describe(e) + "; loading the file " + name
                        + " again");
                return false;
            }
            throw LoadBrokenException.of("table " + file.table() + ": loading the file " + name + " failed", e);
        } catch (IOException e) {
            throw new LoadBrokenException(
                    "table " + file.table() + ": reading the file " + name + " in " + store.location() + " failed: "
                            + e.getMessage(),
                    "bring the file back as it was, or begin a new load",
                    e);
        }
    }

    @Override
    public void stop() {
        listener.informed("stopping");
        connections.abort();
    }
}
