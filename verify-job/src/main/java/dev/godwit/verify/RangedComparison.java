package dev.godwit.verify;

import dev.godwit.verify.checksum.KeyRange;
import dev.godwit.verify.checksum.RowEncoding;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Compares the rows of one table, range by range; several ranges at the same time, each by one worker with one connection to either side. */
final class RangedComparison {
    private final VerifyRequest request;
    private final RangeWorkers workers;
    private final RowEncoding encoding;
    private final TablePlan plan;
    private final Optional<TableState> state;
    private final VerifyListener listener;
    private final StopSignal stop;

    RangedComparison(
            VerifyRequest request,
            RangeWorkers workers,
            RowEncoding encoding,
            TablePlan plan,
            Optional<TableState> state,
            VerifyListener listener,
            StopSignal stop) {
        this.request = request;
        this.workers = workers;
        this.encoding = encoding;
        this.plan = plan;
        this.state = state;
        this.listener = listener;
        this.stop = stop;
    }

    private record Start(TableReading reading, TableCutting cutting) {}

    TableReport run() {
        Start start = await(List.of(workers.threads().submit(() -> stopping(this::start))))
                .get(0);
        TableResult result = new TableResult(plan, request.differencesListedMax(), listener, stop);
        List<TableCutting.Part> parts = start.cutting().parts();
        List<TableResult.OfRange> results = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            results.add(result.ofRange(i));
        }
        AtomicInteger next = new AtomicInteger();
        List<Future<Boolean>> lanes = new ArrayList<>();
        int lanesMax = request.compare().rangesPerTable(request.concurrency());
        for (int i = 0; i < Math.min(lanesMax, parts.size()); i++) {
            lanes.add(workers.threads()
                    .submit(() -> stopping(() -> {
                        for (int number = next.getAndIncrement();
                                number < parts.size();
                                number = next.getAndIncrement()) {
                            compare(start, parts.get(number), number, results.get(number));
                        }
                        return true;
                    })));
        }
        await(lanes);
        return result.report();
    }

    private Start start() throws SQLException, IOException {
        try (BothSides sides = workers.sides()) {
            TableReading reading = TableReading.of(request, plan, encoding, sides);
            Optional<TableCutting> recorded = state.isPresent() ? state.get().cutting() : Optional.empty();
            TableCutting cutting =
                    recorded.isPresent() ? recorded.get() : new TableSampling(request, reading, sides).cutting();
            if (state.isPresent() && recorded.isEmpty()) {
                state.get().record(cutting);
            }
            sides.sound();
            return new Start(reading, cutting);
        }
    }

    private void compare(Start start, TableCutting.Part part, int number, TableResult.OfRange result)
            throws SQLException, IOException {
        TableReading reading = start.reading();
        int rowBytes = start.cutting().rowBytes();
        stop.check();
        if (state.isPresent() && state.get().isFinished(number)) {
            state.get().replay(number, result);
            result.finish();
            return;
        }
        try (BothSides sides = workers.sides();
                RangeRecord record = state.isPresent() ? state.get().begin(number, result) : RangeRecord.none(result)) {
            if (reading.hasIndex() && !part.range().equals(KeyRange.ALL)) {
                sides.preferIndexes();
            }
            new RangeComparison(request, reading, rowBytes, sides, record, workers.rate(), stop)
                    .run(part.range(), part.cuts());
            sides.sound();
            record.finish();
        }
        result.finish();
    }

    /** One failure ends all other work at once, and is told as the reason. */
    private <T> T stopping(Callable<T> work) {
        try {
            return work.call();
        } catch (SQLException | IOException e) {
            stop.check();
            VerifyFailedException failure = new VerifyFailedException(
                    "the comparison of " + plan.table() + " broke off: " + e.getMessage(), VerifyJob.TRY_AGAIN, e);
            stop.give();
            throw failure;
        } catch (RuntimeException | Error e) {
            stop.give();
            throw e;
        } catch (Exception e) {
            stop.give();
            throw new IllegalStateException(e);
        }
    }

    private static <T> List<T> await(List<Future<T>> futures) {
        List<T> results = new ArrayList<>();
        CancellationException cancelled = null;
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted");
            } catch (ExecutionException e) {
                // What ended only because another failed is not the reason.
                if (e.getCause() instanceof CancellationException stopped) {
                    cancelled = stopped;
                } else if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                } else {
                    throw new IllegalStateException(e.getCause());
                }
            }
        }
        if (cancelled != null) {
            throw cancelled;
        }
        return results;
    }
}
