package dev.godwit.verify;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads and connections by which ranges of all tables are compared. Made for one run. */
final class RangeWorkers implements AutoCloseable {
    private final ExecutorService threads;
    private final ExecutorService helpers;
    private final ReadSessions source;
    private final ReadSessions target;
    private final RowRate rate;
    private final StopSignal stop;

    RangeWorkers(VerifyRequest request, StopSignal stop) {
        this.helpers = Executors.newCachedThreadPool(VerifyJob::thread);
        boolean atRest = request.live().isEmpty();
        this.source = new ReadSessions(
                request.source(), request.sourceSnapshot(), request.compare().statementTimeout(), atRest);
        this.target = new ReadSessions(
                request.target(), Optional.empty(), request.compare().statementTimeout(), atRest);
        // Each range holds a connection to either side while it waits for those before it.
        this.threads = Executors.newFixedThreadPool(
                Math.max(
                        1,
                        Math.min(
                                request.compare().ranges(request.concurrency()),
                                Math.min(source.connectionsMax(), target.connectionsMax()))),
                VerifyJob::thread);
        this.rate = new RowRate(request.compare().rowsPerSecondMax());
        this.stop = stop;
    }

    /** Takes ranges in the order in which they are handed in. */
    ExecutorService threads() {
        return threads;
    }

    RowRate rate() {
        return rate;
    }

    BothSides sides() throws SQLException {
        return new BothSides(source, target, helpers, stop);
    }

    /** The signal to stop must have been given, or all work must be done. */
    @Override
    public void close() {
        threads.shutdownNow();
        helpers.shutdownNow();
        VerifyJob.awaitEnd(threads);
        VerifyJob.awaitEnd(helpers);
        source.close();
        target.close();
    }
}
