package dev.godwit.bench.verify;

import dev.godwit.bench.child.ProcFiles;
import dev.godwit.bench.fetch.FetchWorkload;
import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.verify.CompareSettings;
import dev.godwit.verify.RowDifference;
import dev.godwit.verify.VerifyJob;
import dev.godwit.verify.VerifyListener;
import dev.godwit.verify.VerifyRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import org.postgresql.PGConnection;

/** Lets one contestant read two tables, looks at the clock, and checks what it has found. */
final class VerifyRun {
    private final VerifyDatabases databases;
    private final VerifySettings settings;

    VerifyRun(VerifyDatabases databases, VerifySettings settings) {
        this.databases = databases;
        this.settings = settings;
    }

    /** @throws IllegalStateException if a contestant does not find what differs, or finds more */
    VerifyMeasurement measure(VerifyScenario scenario, VerifyContestant contestant, int round)
            throws IOException, SQLException, InterruptedException {
        DatabaseUrl target = databases.target(scenario.differing());
        if (!scenario.overLink()) {
            return measure(scenario, contestant, round, target, null);
        }
        try (ThrottledLink link = ThrottledLink.to(target.host(), target.port(), settings.megabitsPerSecond())) {
            DatabaseUrl behind = DatabaseUrl.parse(
                    "target", target.withPassword().replace(":" + target.port() + "/", ":" + link.port() + "/"));
            return measure(scenario, contestant, round, behind, link);
        }
    }

    private VerifyMeasurement measure(
            VerifyScenario scenario, VerifyContestant contestant, int round, DatabaseUrl target, ThrottledLink link)
            throws SQLException, InterruptedException {
        Optional<Duration> serverBefore = ProcFiles.cpuWithChildren(databases.pid());
        Duration clientBefore = clientCpu();
        long begin = System.nanoTime();
        if (contestant == VerifyContestant.COPY) {
            copyBoth(scenario.workload(), databases.source(), target);
        } else {
            Set<String> found = verify(scenario.workload(), contestant, target);
            Set<String> expected = scenario.differing() ? databases.planted() : Set.of();
            if (!found.equals(expected)) {
                throw new IllegalStateException(contestant.label() + " has found " + found + ", expected " + expected);
            }
        }
        Duration wall = Duration.ofNanos(System.nanoTime() - begin);
        return new VerifyMeasurement(
                scenario,
                contestant,
                round,
                wall,
                link == null ? 0 : link.bytes(),
                clientCpu().minus(clientBefore),
                serverBefore.flatMap(
                        before -> ProcFiles.cpuWithChildren(databases.pid()).map(now -> now.minus(before))));
    }

    private static Duration clientCpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean
                ? Duration.ofNanos(bean.getProcessCpuTime())
                : Duration.ZERO;
    }

    private static void copyBoth(FetchWorkload workload, DatabaseUrl source, DatabaseUrl target)
            throws SQLException, InterruptedException {
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            try {
                copy(workload, target);
            } catch (SQLException | IOException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            copy(workload, source);
            other.get();
        } catch (IOException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copy(FetchWorkload workload, DatabaseUrl url) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties())) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY " + workload.table() + " TO STDOUT", OutputStream.nullOutputStream());
        }
    }

    private Set<String> verify(FetchWorkload workload, VerifyContestant contestant, DatabaseUrl target)
            throws SQLException {
        CompareSettings.Method method =
                contestant == VerifyContestant.FULL ? CompareSettings.Method.FULL : CompareSettings.Method.CHECKSUM;
        TableName table = new TableName("public", workload.table());
        VerifyRequest request = new VerifyRequest(
                        Database.connect("source", databases.source()),
                        Database.connect("target", target),
                        List.of(new TableSlice(table, Optional.empty())),
                        settings.concurrency(),
                        VerifyRequest.DEFAULT_ROW_BATCH_SIZE,
                        VerifyRequest.DEFAULT_DIFFERENCES_LISTED)
                .with(CompareSettings.DEFAULTS.with(method));
        Set<String> found = new ConcurrentSkipListSet<>();
        VerifyJob.run(request, new VerifyListener() {
            @Override
            public void rowDiffers(TableName name, RowDifference difference) {
                found.add(difference.kind().words().split(" ")[0] + " "
                        + difference.key().get("id"));
            }
        });
        return found;
    }
}
