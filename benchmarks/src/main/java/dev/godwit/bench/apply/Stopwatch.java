package dev.godwit.bench.apply;

import dev.godwit.bench.child.Contestant;
import dev.godwit.bench.child.ContestantRun;
import dev.godwit.bench.child.ProcFiles;
import dev.godwit.bench.child.RunPlace;
import dev.godwit.bench.sql.BenchDatabases;
import dev.godwit.bench.sql.Marks;
import dev.godwit.bench.sql.TableSums;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Measures one run, with the same condition for its end whoever runs: the target itself is asked. */
final class Stopwatch {
    private static final Duration ASK_EVERY = Duration.ofMillis(10);
    private static final Duration CHECK_HEALTH_EVERY = Duration.ofSeconds(3);
    private static final Duration RUN_MAX = Duration.ofHours(1);

    private final BenchDatabases databases;

    Stopwatch(BenchDatabases databases) {
        this.databases = databases;
    }

    /** @throws IllegalStateException if the contestant fails or leaves other rows than expected */
    Measurement measure(Contestant contestant, RunPlace place, int round, long changes, TableSums expected)
            throws SQLException, IOException, InterruptedException {
        String database = place.target().database();
        try (Marks marks = new Marks(
                        databases.open(database),
                        place.tables(),
                        contestant == Contestant.IMMEDIATE ? OptionalLong.of(changes) : OptionalLong.empty());
                ContestantRun run = ContestantRun.prepare(contestant, place)) {
            marks.progress(); // so that the first question is not the one that costs most
            Optional<Duration> cpuBefore = run.process().cpu();
            Optional<Duration> serverCpuBefore = ProcFiles.cpuWithChildren(databases.pid());
            long begin = System.nanoTime();
            run.go();
            Optional<Duration> untilFirst = awaitEnd(run, marks, begin);
            Duration wall = Duration.ofNanos(System.nanoTime() - begin);
            Measurement measurement = new Measurement(
                    contestant,
                    round,
                    wall,
                    untilFirst,
                    run.rows(changes),
                    since(cpuBefore, run.process().cpu()),
                    since(serverCpuBefore, ProcFiles.cpuWithChildren(databases.pid())),
                    run.process().peakMemory());
            requireEqual(contestant, place, expected);
            return measurement;
        }
    }

    private static Optional<Duration> awaitEnd(ContestantRun run, Marks marks, long begin)
            throws SQLException, InterruptedException {
        Optional<Duration> untilFirst = Optional.empty();
        long checked = begin;
        while (true) {
            Marks.Progress progress = marks.progress();
            long now = System.nanoTime();
            if (progress == Marks.Progress.ENDED) {
                return untilFirst;
            }
            if (progress == Marks.Progress.BEGUN && untilFirst.isEmpty()) {
                untilFirst = Optional.of(Duration.ofNanos(now - begin));
            }
            if (now - checked > CHECK_HEALTH_EVERY.toNanos()) {
                checked = now;
                Optional<String> failure = run.failure();
                if (failure.isPresent()) {
                    throw new IllegalStateException("a contestant has failed: " + failure.get());
                }
                if (now - begin > RUN_MAX.toNanos()) {
                    throw new IllegalStateException("a contestant has not come to the end within " + RUN_MAX);
                }
            }
            Thread.sleep(ASK_EVERY.toMillis());
        }
    }

    private static Optional<Duration> since(Optional<Duration> before, Optional<Duration> now) {
        return before.flatMap(earlier -> now.map(later -> later.minus(earlier)));
    }

    private void requireEqual(Contestant contestant, RunPlace place, TableSums expected) throws SQLException {
        try (Connection connection = databases.open(place.target().database())) {
            TableSums found = TableSums.read(connection, place.tables());
            if (!found.equals(expected)) {
                throw new IllegalStateException("the rows that " + contestant.description()
                        + " has left are wrong. Expected: " + expected + ", found: " + found);
            }
        }
    }
}
