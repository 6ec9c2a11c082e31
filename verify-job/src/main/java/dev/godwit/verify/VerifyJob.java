package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.checksum.RowEncoding;
import dev.godwit.verify.structure.StructureWarnings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares structure and rows of the two sides.
 *
 * <p>Every row of every slice takes part, in a checksum that both databases compute or fetched and compared value by value; memory does not grow
 * with the tables. Nothing is written to either database. A key range is seen as it was at one moment on each side, but these are different
 * moments, and others for other ranges: where something writes meanwhile, a difference may be one of time only.
 */
public final class VerifyJob {
    private static final Logger LOG = LoggerFactory.getLogger(VerifyJob.class);
    /** JSON is compared by recursion, and PostgreSQL takes some thousand levels of it. Only what is used is really taken. */
    private static final long STACK_BYTES = 64L << 20;

    static final String TRY_AGAIN = "nothing was written: mend the cause and verify again";

    private final VerifyRequest request;
    private final VerifyListener listener;
    private final StopSignal stop = new StopSignal();
    private final StructureCheck structure;
    private final RowEncoding encoding;
    private final RangeWorkers workers;

    private VerifyJob(VerifyRequest request, VerifyListener listener, StructureCheck structure, RowEncoding encoding) {
        this.request = request;
        this.listener = listener;
        this.structure = structure;
        this.encoding = encoding;
        this.workers = new RangeWorkers(request, stop);
    }

    /**
     * Runs in the caller's thread until all tables are compared; if that is interrupted, it ends all work and throws, the thread
     * still marked as interrupted.
     *
     * @throws RefusedException if the request names no table, or one that is on neither side
     * @throws VerifyFailedException if the comparison breaks off, so that nothing can be told
     */
    public static VerifyReport run(VerifyRequest request, VerifyListener listener) {
        return run(
                request,
                listener,
                RowEncoding.between(request.source().product(), request.target().product()));
    }

    /** @param encoding one that both sides understand */
    static VerifyReport run(VerifyRequest request, VerifyListener listener, RowEncoding encoding) {
        if (request.pairs().isEmpty()) {
            throw new RefusedException("there is no table to verify", "name at least one");
        }
        if (request.live().isPresent()
                && request.source().product() == Product.MYSQL
                && request.target().product() == Product.MYSQL) {
            throw new RefusedException(
                    "with MySQL on both sides --live is not possible: its rows have no version to be known by",
                    "verify when nothing writes, or while replication has caught up, and look at differing rows again");
        }
        long start = System.nanoTime();
        FutureTask<Catalog> ofTarget =
                new FutureTask<>(() -> catalog(request.target(), TablePair.targets(request.pairs())));
        thread(ofTarget).start();
        Catalog sourceCatalog = catalog(request.source(), TablePair.sources(request.pairs()));
        Catalog targetCatalog = result(ofTarget);
        StructureCheck structure = new StructureCheck(request.source(), sourceCatalog, request.target(), targetCatalog);
        structure.run(request.pairs());
        listener.structureCompared(structure.differences());
        List<StructureDifference> warnings = StructureWarnings.find(
                request.source(), sourceCatalog, request.target(), targetCatalog, request.pairs());
        listener.structureWarned(warnings);
        List<TableReport> tables = request.compare().method() == CompareSettings.Method.STRUCTURE_ONLY
                ? List.of()
                : new VerifyJob(request, listener, structure, encoding).compareTables();
        return new VerifyReport(tables, structure.differences(), warnings, Duration.ofNanos(System.nanoTime() - start));
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VerifyFailedException("the comparison was interrupted", TRY_AGAIN, e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private static Catalog catalog(Database database, List<TableName> tables) {
        try {
            return database.catalog(tables);
        } catch (SQLException e) {
            throw new VerifyFailedException(
                    "cannot read the catalog of the " + database.role() + ": " + e.getMessage(), TRY_AGAIN, e);
        }
    }

    private List<TableReport> compareTables() {
        ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(request.concurrency(), request.pairs().size()), VerifyJob::thread);
        Optional<VerifyState> state =
                request.compare().state().map(directory -> VerifyState.open(directory, request, structure));
        try {
            List<Future<TableReport>> futures = new ArrayList<>();
            for (int i = 0; i < request.pairs().size(); i++) {
                TableName table = request.pairs().get(i).name();
                int number = i;
                futures.add(threads.submit(() -> compare(table, state.map(all -> all.table(number)))));
            }
            return reports(futures);
        } finally {
            stop.give();
            threads.shutdownNow();
            awaitEnd(threads);
            workers.close();
            state.ifPresent(VerifyState::close);
        }
    }

    static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "verify", STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    private TableReport compare(TableName table, Optional<TableState> state) {
        stop.check();
        listener.tableStarted(table);
        try {
            Optional<TablePlan> plan = structure.plan(table);
            TableReport report = plan.isPresent()
                    ? compareRows(plan.get(), state)
                    : TableReport.notCompared(table, structure.whyNotComparable(table));
            listener.tableFinished(report);
            return report;
        } catch (SQLException e) {
            stop.check();
            stop.give();
            throw new VerifyFailedException(
                    "the comparison of " + table + " broke off: " + e.getMessage(), TRY_AGAIN, e);
        } catch (RuntimeException | Error e) {
            stop.give();
            throw e;
        }
    }

    private TableReport compareRows(TablePlan plan, Optional<TableState> state) throws SQLException {
        LiveComparison.FirstReading reading =
                heard -> new RangedComparison(request, workers, encoding, plan, state, heard, stop).run();
        return request.live().isPresent()
                ? new LiveComparison(request, request.live().get(), plan, stop, listener).run(reading)
                : reading.run(listener);
    }

    private static List<TableReport> reports(List<Future<TableReport>> futures) {
        List<TableReport> reports = new ArrayList<>();
        Throwable cancelled = null;
        for (Future<TableReport> future : futures) {
            try {
                reports.add(future.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new VerifyFailedException("the comparison was interrupted", TRY_AGAIN, e);
            } catch (ExecutionException e) {
                // Tables that ended only because another failed are not the reason; that one is still to come.
                if (!(e.getCause() instanceof CancellationException)) {
                    throw failure(e.getCause());
                }
                cancelled = e.getCause();
            }
        }
        if (cancelled != null) {
            throw failure(cancelled);
        }
        return reports;
    }

    private static RuntimeException failure(Throwable cause) {
        if (cause instanceof RefusedException refused) {
            return refused;
        }
        return new VerifyFailedException("the comparison broke off: " + cause, TRY_AGAIN, cause);
    }

    /** So that no thread and no connection of the job is left behind. */
    static void awaitEnd(ExecutorService threads) {
        boolean interrupted = Thread.interrupted();
        try {
            if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("a query of the comparison could not be cancelled; it ends with its connection");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
