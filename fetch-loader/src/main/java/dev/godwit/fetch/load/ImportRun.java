package dev.godwit.fetch.load;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchFailedException;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.ImportRequest;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.file.FilePart;
import dev.godwit.fetch.file.Manifest;
import dev.godwit.fetch.plan.ImportChecks;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.session.OpenConnections;
import dev.godwit.fetch.session.SqlFailure;
import dev.godwit.fetch.source.LedgerTables;
import dev.godwit.fetch.state.FetchLedger;
import dev.godwit.fetch.state.LoadState;
import dev.godwit.fetch.store.FilePlace;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Imports the files of a whole export. The source is not asked. */
public final class ImportRun {
    private final ImportRequest request;
    private final FetchListener listener;
    private final FetchLedger ledger;
    private final OpenConnections connections = new OpenConnections();
    private final Phrase doing = new Phrase("starting the import");
    private final long startedNanos = System.nanoTime();
    private volatile boolean stopped;
    private volatile FileLoad fileLoad;

    public ImportRun(ImportRequest request, FetchListener listener) {
        this.request = request;
        this.listener = listener;
        this.ledger = new FetchLedger(
                request.target(), request.continuation().fetchId().orElseThrow());
    }

    /** @throws RefusedException if something stands in the way; nothing has been written */
    @SuppressWarnings("try") // the resource works by being there
    public FetchResult run() {
        Optional<LoadState> known = Continuing.find(ledger, request.target());
        if (known.isPresent()) {
            Continuing.require(ledger, request.target());
        }
        String secret = known.map(LoadState::urlSecret)
                .orElseGet(() -> UUID.randomUUID().toString());
        try (FilePlace.Open place = request.files().place().open(secret);
                StopOnShutdown stop = new StopOnShutdown(this::stop);
                connections) {
            place.check(ledger.fetchId(), request.files().importsInto(request.target()));
            Manifest manifest = read(place);
            boolean prepared = known.isPresent() && known.get().targetPrepared();
            new ImportChecks(request).check(manifest, !prepared);
            listener.loadNamed(ledger.fetchId());
            return run(manifest, known, prepared, secret, place);
        }
    }

    private Manifest read(FilePlace.Open place) {
        try {
            return Manifest.read(place.store(), ledger.fetchId());
        } catch (IOException e) {
            throw new RefusedException(
                    "the manifest of load " + ledger.fetchId() + " cannot be read: " + e.getMessage(),
                    "check the place of the files and who may read it; nothing was written",
                    e);
        }
    }

    private void stop() {
        stopped = true;
        FileLoad importing = fileLoad;
        if (importing != null) {
            importing.stop();
        }
        connections.abort();
    }

    @SuppressWarnings("CatchingUnchecked") // it must be said how to go on, whatever happens
    private FetchResult run(
            Manifest manifest, Optional<LoadState> known, boolean prepared, String secret, FilePlace.Open place) {
        try {
            FetchResult result = load(manifest, known, prepared, secret, place);
            listener.loadComplete(result);
            return result;
        } catch (LoadBrokenException e) {
            throw failed(e.getMessage(), e.hint(), e);
        } catch (SQLException e) {
            throw failed(doing + " failed: " + SqlFailure.describe(e), "mend the cause that the server names", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("the import was interrupted", "", e);
        } catch (RuntimeException | Error e) {
            throw failed(doing + " failed: " + e, "", e);
        }
    }

    private FetchResult load(
            Manifest manifest, Optional<LoadState> known, boolean prepared, String secret, FilePlace.Open place)
            throws SQLException, LoadBrokenException, InterruptedException {
        String cursor = manifest.cdcCursor() == null ? "" : manifest.cdcCursor();
        doing.is("remembering the load on the target");
        if (known.isEmpty()) {
            LedgerTables.create(request.target());
            ledger.beginImport(
                    new LoadState(
                            ledger.fetchId(),
                            LoadState.Stage.EXPORTED,
                            request.files().place().toString(),
                            LoadState.IMPORT,
                            cursor,
                            Optional.empty(),
                            secret,
                            false),
                    files(manifest));
        }
        Map<TableName, Long> expected = new TreeMap<>();
        manifest.tables().forEach(table -> expected.put(table.source(), table.rowsTotal()));
        listener.loadStarted(cursor, expected);
        if (!prepared) {
            doing.is("emptying the tables of the target");
            empty(manifest);
            ledger.targetIsPrepared();
        }
        doing.is("importing");
        fileLoad = new FileLoad(
                request.target(),
                ledger,
                listener,
                connections,
                request.splitting(),
                request.files(),
                place.store(),
                manifest,
                request.continuation(),
                new TreeMap<>());
        Map<TableName, Long> rows = fileLoad.run();
        if (ledger.openTables().isEmpty()) {
            ledger.stageIs(LoadState.Stage.COMPLETE);
            if (request.files().cleanup()) {
                fileLoad.cleanUp();
            }
        }
        return new FetchResult(
                ledger.fetchId(), cursor, rows, fileLoad.bytes(), Duration.ofNanos(System.nanoTime() - startedNanos));
    }

    private static Map<TableName, List<FilePart>> files(Manifest manifest) {
        Map<TableName, List<FilePart>> files = new LinkedHashMap<>();
        manifest.tables().forEach(table -> files.put(table.source(), table.files()));
        return files;
    }

    private void empty(Manifest manifest) throws SQLException {
        if (request.handling() != TableHandling.TRUNCATE_IF_EXISTS) {
            return;
        }
        try (Connection connection = request.target().open();
                Statement statement = connection.createStatement()) {
            statement.execute(manifest.tables().stream()
                    .map(table -> request.target().dialect().quote(table.target()))
                    .distinct()
                    .collect(Collectors.joining(", ", "TRUNCATE TABLE ", "")));
        }
    }

    private FetchFailedException failed(String message, String hint, Throwable cause) {
        connections.abort();
        return new FetchFailedException(
                stopped ? "the import was stopped" : message,
                (hint.isEmpty() ? "" : hint + ". ")
                        + "Then continue it: the same command again; files that are in are not" + " loaded again",
                cause);
    }
}
