package dev.godwit.fetch.load;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchFailedException;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchMode;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.file.Manifest;
import dev.godwit.fetch.plan.LeftOutFile;
import dev.godwit.fetch.plan.LoadPlan;
import dev.godwit.fetch.plan.Preflight;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.session.OpenConnections;
import dev.godwit.fetch.session.PinnedSession;
import dev.godwit.fetch.session.SqlFailure;
import dev.godwit.fetch.source.LoadSource;
import dev.godwit.fetch.source.SourceContext;
import dev.godwit.fetch.state.FetchLedger;
import dev.godwit.fetch.state.LoadState;
import dev.godwit.fetch.state.LoadState.Stage;
import dev.godwit.fetch.store.FilePlace;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** One load from check to result, what is kept for a continuation if it fails, and what is taken back if none is wanted. */
public final class FetchRun {
    private final FetchRequest request;
    private final FetchListener listener;
    private final FetchLedger ledger;
    private final Optional<LoadState> known;
    private final OpenConnections connections = new OpenConnections();
    private final long startedNanos = System.nanoTime();
    private final Phrase doing = new Phrase("starting the load");
    private boolean remembered;
    private boolean targetEmptied;
    private volatile boolean stopped;
    private volatile FileLoad fileLoad;
    private LoadSession session;
    private LoadSource source;

    public FetchRun(FetchRequest request, FetchListener listener) {
        this.listener = listener;
        this.ledger = new FetchLedger(
                request.target(), request.continuation().fetchId().orElseGet(() -> UUID.randomUUID()
                        .toString()));
        this.known = request.continuation().fetchId().map(id -> Continuing.require(ledger, request.target()));
        boolean prepared = known.isPresent() && known.get().targetPrepared();
        this.request = prepared ? request.handling(TableHandling.NONE) : request;
        this.remembered = known.isPresent();
    }

    @SuppressWarnings("try") // the resource works by being there
    public FetchResult run() {
        LoadPlan plan = Preflight.check(request, listener, known.isPresent());
        String description = Preflight.sourceInstance(request) + plan.described();
        known.ifPresent(state -> Continuing.requireSame(state, way(), description));
        String secret = known.map(LoadState::urlSecret)
                .orElseGet(() -> UUID.randomUUID().toString());
        listener.loadNamed(ledger.fetchId());
        session = new LoadSession(request, listener, ledger, connections);
        source = Sources.of(new SourceContext(request, listener, ledger.fetchId(), secret, connections, doing::is));
        session.reads(source);
        try (FilePlace.Open place = openPlace(secret);
                StopOnShutdown stop = new StopOnShutdown(this::stop);
                connections) {
            return captureAndLoad(plan, description, secret, Optional.ofNullable(place));
        }
    }

    /** Null for a load without files. */
    private FilePlace.Open openPlace(String secret) {
        if (request.files().isEmpty()) {
            return null;
        }
        FilePlace.Open place = request.files().get().place().open(secret);
        try {
            place.check(
                    ledger.fetchId(),
                    request.mode() == FetchMode.DATA_LOAD
                            && request.files().get().importsInto(request.target()));
            return place;
        } catch (RefusedException e) {
            place.close();
            throw e;
        }
    }

    private String way() {
        return request.files().map(files -> files.place().toString()).orElse(LoadState.DIRECT);
    }

    /** Called by another thread. */
    private void stop() {
        stopped = true;
        source.cancel();
        FileLoad importing = fileLoad;
        if (importing != null) {
            importing.stop();
        }
        connections.abort();
    }

    @SuppressWarnings("CatchingUnchecked") // whatever happens, the slot must not stay without anybody knowing
    private FetchResult captureAndLoad(
            LoadPlan plan, String description, String secret, Optional<FilePlace.Open> place) {
        try {
            FetchResult result = load(plan, description, secret, place);
            source.requireIntact();
            if (request.mode() == FetchMode.DATA_LOAD) {
                doing.is("setting sequences");
                new SequenceTransfer(request, listener, source).run(plan);
                complete(place);
            }
            listener.loadComplete(result);
            return result;
        } catch (RefusedException e) {
            if (known.isEmpty()) {
                takeBack(Optional.empty());
            }
            throw e;
        } catch (LoadBrokenException e) {
            throw failed(e.getMessage(), e.hint(), e);
        } catch (SQLException e) {
            LoadBrokenException broken = LoadBrokenException.of(doing + " failed", e);
            throw failed(broken.getMessage(), broken.hint(), e);
        } catch (IOException e) {
            throw failed(doing + " failed: " + e.getMessage(), "make room, or mend what the message names", e);
        } catch (InterruptedException e) {
            try {
                throw failed("the load was interrupted", "", e);
            } finally {
                Thread.currentThread().interrupt(); // not before: what was created is still to be dropped
            }
        } catch (RuntimeException | Error e) {
            throw failed(doing + " failed: " + e, "", e);
        }
    }

    private FetchResult load(LoadPlan plan, String description, String secret, Optional<FilePlace.Open> place)
            throws SQLException, LoadBrokenException, InterruptedException, IOException {
        ShardPlan shards = new ShardPlan(session, plan);
        String cursor;
        boolean exported = known.isPresent() && known.get().stage() == Stage.EXPORTED;
        if (known.isPresent()) {
            cursor = known.get().cdcCursor();
            if (!exported) {
                doing.is("reading what an earlier run has done");
                shards.recall();
                if (shards.anyOpen()) {
                    ledger.snapshotIs(source.takeOver(plan, known.get()));
                    source.tookOver();
                    shards.measure();
                }
            }
        } else {
            LoadSource.Begun begun = source.begin(plan);
            cursor = begun.cdcCursor();
            doing.is("measuring the tables of the source");
            shards.cut();
            doing.is("remembering the load on the target");
            ledger.begin(
                    new LoadState(
                            ledger.fetchId(), Stage.READING, way(), description, cursor, begun.held(), secret, false),
                    shards.conditions());
            remembered = true;
        }
        listener.loadStarted(cursor, shards.rowsEstimated());
        boolean prepared = known.isPresent() && known.get().targetPrepared();
        if (!prepared && request.mode() == FetchMode.DATA_LOAD) {
            prepareTarget(plan);
        }
        Map<TableName, Long> rows;
        long bytes;
        if (place.isEmpty()) {
            doing.is("opening connections to the target");
            session.openTargets();
            doing.is("loading");
            new DirectLoad(session).run(shards.open());
            rows = counted();
            bytes = session.tallies().values().stream()
                    .mapToLong(TableTally::bytes)
                    .sum();
            if (ledger.openTables().isEmpty()) {
                releaseSnapshot();
            }
        } else {
            Files files = new Files(plan, shards, cursor, place.get());
            rows = exported ? files.importWhole() : files.run();
            bytes = files.bytes;
        }
        return new FetchResult(
                ledger.fetchId(), cursor, rows, bytes, Duration.ofNanos(System.nanoTime() - startedNanos));
    }

    /** The last word: whatever is not done before, a continuation does. */
    private void complete(Optional<FilePlace.Open> place) throws SQLException {
        doing.is("recording the end of the load");
        if (!ledger.openTables().isEmpty()) {
            listener.warned("only some tables were asked for; the load " + ledger.fetchId() + " is not complete yet");
            return;
        }
        ledger.stageIs(Stage.COMPLETE);
        if (place.isPresent() && request.files().orElseThrow().cleanup()) {
            fileLoad.cleanUp();
        }
    }

    private Map<TableName, Long> counted() {
        Map<TableName, Long> rows = new TreeMap<>();
        session.tallies().forEach((table, tally) -> rows.put(table, tally.rows()));
        return rows;
    }

    private void prepareTarget(LoadPlan plan) throws SQLException {
        doing.is("writing what is left out of the tables");
        LeftOutFile.write(request, plan, listener);
        doing.is(
                request.tableHandling() == TableHandling.DROP_ON_TARGET_AND_RECREATE
                        ? "making the tables of the target"
                        : "emptying the tables of the target");
        targetEmptied = request.tableHandling() != TableHandling.NONE;
        try (Connection target = PinnedSession.open(request.target())) {
            connections.add(target);
            TargetPreparation.prepare(request, plan, target);
        }
        ledger.targetIsPrepared();
    }

    private void releaseSnapshot() {
        try {
            ledger.snapshotIs(Optional.empty());
            source.release(known.flatMap(LoadState::snapshot));
        } catch (SQLException e) {
            listener.warned("what holds the snapshot of the source could not be ended (" + SqlFailure.describe(e)
                    + "); it ends by itself after "
                    + request.continuation().keep().toMinutes()
                    + " minutes, and drops the replication slot then, if there is one: end it before, by"
                    + " pg_terminate_backend");
        }
    }

    /** The way through files. */
    private final class Files {
        private final LoadPlan plan;
        private final ShardPlan shards;
        private final String cursor;
        private final FilePlace.Open place;
        private long bytes;

        Files(LoadPlan plan, ShardPlan shards, String cursor, FilePlace.Open place) {
            this.plan = plan;
            this.shards = shards;
            this.cursor = cursor;
            this.place = place;
        }

        Map<TableName, Long> run() throws SQLException, LoadBrokenException, InterruptedException, IOException {
            doing.is("opening connections to the target");
            session.openTargets();
            doing.is("exporting");
            new FileExport(session, request.files().orElseThrow(), place.store()).run(shards.openUnordered());
            doing.is("writing the manifest");
            Manifest manifest = new ManifestOfPlan(request, ledger).of(plan, cursor);
            if (shards.partly()) {
                return counted(); // one table of several was asked for
            }
            manifest.write(place.store());
            ledger.stageIs(Stage.EXPORTED);
            releaseSnapshot();
            if (request.mode() == FetchMode.EXPORT_ONLY) {
                bytes = session.tallies().values().stream()
                        .mapToLong(TableTally::bytes)
                        .sum();
                return counted();
            }
            return importFiles(manifest);
        }

        Map<TableName, Long> importWhole() throws SQLException, LoadBrokenException, InterruptedException, IOException {
            if (request.mode() == FetchMode.EXPORT_ONLY) {
                throw new RefusedException(
                        "all files of load " + ledger.fetchId() + " are whole already",
                        "import them: --mode import-only --fetch-id " + ledger.fetchId());
            }
            doing.is("reading the manifest");
            releaseSnapshot(); // whoever was killed may not have come so far
            return importFiles(Manifest.read(place.store(), ledger.fetchId()));
        }

        private Map<TableName, Long> importFiles(Manifest manifest)
                throws SQLException, LoadBrokenException, InterruptedException {
            doing.is("importing");
            fileLoad = new FileLoad(
                    request.target(),
                    ledger,
                    listener,
                    connections,
                    request.splitting(),
                    request.files().orElseThrow(),
                    place.store(),
                    manifest,
                    request.continuation(),
                    session.tallies());
            Map<TableName, Long> rows = fileLoad.run();
            bytes = fileLoad.bytes();
            return rows;
        }
    }

    private FetchFailedException failed(String message, String hint, Throwable cause) {
        String told = stopped ? "the load was stopped" : message;
        StringBuilder remedy = new StringBuilder(hint);
        remedy.append(hint.isEmpty() ? "" : ". ");
        connections.abort();
        if (remembered && request.continuation().possible()) {
            rememberFailure(told);
            return new FetchFailedException(
                    told,
                    remedy.append(whatTheTargetHolds()).append(howToContinue()).toString(),
                    cause);
        }
        remedy.append(whatTheTargetHolds());
        takeBack(Optional.of(cause)).ifPresent(left -> remedy.append(". ").append(left));
        return new FetchFailedException(told, remedy.toString(), cause);
    }

    private void rememberFailure(String message) {
        try {
            for (TableName table : ledger.openTables()) {
                if (message.contains("table " + table + ":")) {
                    ledger.tableBroken(table, message);
                }
            }
        } catch (SQLException e) {
            // The target is gone perhaps; what it knows is enough to continue.
        }
    }

    private String howToContinue() {
        String giveUp = source.toGiveUp().isEmpty() ? "" : ". To give it up, " + source.toGiveUp();
        return ". Continue with the same command and --fetch-id " + ledger.fetchId()
                + "; as long as rows are still to be read from the source, " + source.kept() + giveUp;
    }

    private String whatTheTargetHolds() {
        List<String> arrived = new ArrayList<>();
        if (session != null) {
            new TreeMap<>(session.tallies()).forEach((table, tally) -> {
                if (tally.whatArrived() != null) {
                    arrived.add(table + " (" + tally.whatArrived() + ")");
                }
            });
        }
        if (arrived.isEmpty()) {
            return "The target holds no row of this load"
                    + (targetEmptied ? ", but its old rows of the selected tables may have been deleted" : "");
        }
        return "The target now holds rows of this load in " + String.join(", ", arrived)
                + (request.continuation().possible()
                        ? ""
                        : ": delete them, or repeat the load with a table handling that removes them");
    }

    /** Returns what could not be taken back, and how to. */
    private Optional<String> takeBack(Optional<Throwable> cause) {
        connections.abort();
        try {
            if (remembered) {
                ledger.forget();
            }
        } catch (SQLException e) {
            cause.ifPresent(first -> first.addSuppressed(e));
        }
        try {
            source.drop();
            return Optional.empty();
        } catch (SQLException e) {
            cause.ifPresent(first -> first.addSuppressed(e));
            return Optional.of("The source could not be asked to drop what the load created ("
                    + SqlFailure.describe(e) + ")"
                    + (source.toGiveUp().isEmpty() ? "" : ": " + source.toGiveUp()));
        }
    }
}
