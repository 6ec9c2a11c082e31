package dev.godwit.bench.fetch;

import dev.godwit.bench.sql.BenchDatabases;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.local.PostgresServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Lets all contestants load the same tables, in turn, each into a fresh database. */
public final class FetchBenchmark {
    private static final String SOURCE = "source";

    private final FetchSettings settings;
    private final Path directory;
    private final Consumer<String> narrator;
    private boolean profiled;

    /**
     * @param directory for files and logs of the runs; exists
     * @param narrator is told line by line what happens
     */
    public FetchBenchmark(FetchSettings settings, Path directory, Consumer<String> narrator) {
        this.settings = settings;
        this.directory = directory;
        this.narrator = narrator;
    }

    private record Sum(long rows, BigDecimal checksum) {}

    /** @throws IllegalStateException if a contestant fails, or leaves other rows than the source has */
    public FetchResult run() throws SQLException, IOException, InterruptedException {
        Map<String, String> serverSettings = BenchDatabases.settings(settings.fsync());
        // Two servers, as a migration has two: neither shares its memory or its log with the other.
        try (PostgresServer source = PostgresServer.start("bench-source", serverSettings);
                PostgresServer target = PostgresServer.start("bench-target", serverSettings)) {
            DatabaseUrl sourceUrl = source.createDatabase(SOURCE);
            int version = version(sourceUrl);
            Map<FetchContestant, String> obstacles = new LinkedHashMap<>();
            List<FetchContestant> present = new ArrayList<>();
            for (FetchContestant contestant : settings.contestants()) {
                Optional<String> obstacle = FetchCommands.obstacle(contestant, version);
                obstacle.ifPresentOrElse(why -> obstacles.put(contestant, why), () -> present.add(contestant));
            }
            obstacles.forEach((contestant, why) -> narrator.accept("without " + contestant.label() + ": " + why));
            Map<FetchWorkload, List<FetchMeasurement>> results = new LinkedHashMap<>();
            for (FetchWorkload workload : settings.workloads()) {
                results.put(workload, run(workload, present, sourceUrl, target));
            }
            return new FetchResult(settings, serverSettings, obstacles, results);
        }
    }

    private List<FetchMeasurement> run(
            FetchWorkload workload, List<FetchContestant> contestants, DatabaseUrl source, PostgresServer target)
            throws SQLException, IOException, InterruptedException {
        long rows = settings.rows(workload);
        narrator.accept(String.format(Locale.ROOT, "%s: %s, %,d rows", workload.label(), workload.description(), rows));
        execute(source, workload.createStatement(), workload.fillStatement(rows), "VACUUM ANALYZE " + workload.table());
        Sum expected = sum(source, workload);
        List<FetchMeasurement> measurements = new ArrayList<>();
        for (int round = 1; round <= settings.rounds(); round++) {
            List<FetchContestant> order = new ArrayList<>(contestants);
            Collections.rotate(order, 1 - round);
            for (FetchContestant contestant : order) {
                String name = "bench_" + workload.label() + "_" + round + "_"
                        + contestant.label().replace('-', '_');
                DatabaseUrl url = target.createDatabase(name);
                execute(url, workload.createStatement());
                execute(source, "CHECKPOINT");
                execute(url, "CHECKPOINT");
                FetchCommands commands = new FetchCommands(source, url, workload, directory);
                FetchMeasurement measurement = new FetchStopwatch(
                                directory.resolve(name + ".log"), settings.heapMiB(), jvmOptions(contestant))
                        .measure(contestant, commands, name, round, rows);
                Sum loaded = sum(url, workload);
                if (!loaded.equals(expected)) {
                    throw new IllegalStateException(
                            contestant.label() + " left " + loaded + " on the target, the source has " + expected);
                }
                measurements.add(measurement);
                narrator.accept("  " + FetchReport.line(measurement));
                cleanUp(source, target, name);
            }
        }
        execute(source, "DROP TABLE " + workload.table());
        return measurements;
    }

    private static void cleanUp(DatabaseUrl source, PostgresServer target, String name) throws SQLException {
        execute(
                source,
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots",
                "DROP PUBLICATION IF EXISTS godwit_fetch");
        execute(target.url(PostgresServer.USER), "DROP DATABASE " + name + " WITH (FORCE)");
    }

    private List<String> jvmOptions(FetchContestant contestant) {
        if (!contestant.isGodwit() || profiled || settings.profile().isEmpty()) {
            return List.of();
        }
        profiled = true;
        return List.of("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                + settings.profile().get().toAbsolutePath());
    }

    private static Connection open(DatabaseUrl url) throws SQLException {
        return DriverManager.getConnection(url.jdbcUrl(), url.jdbcProperties());
    }

    private static void execute(DatabaseUrl url, String... statements) throws SQLException {
        try (Connection connection = open(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static int version(DatabaseUrl url) throws SQLException {
        try (Connection connection = open(url)) {
            return connection.getMetaData().getDatabaseMajorVersion();
        }
    }

    private static Sum sum(DatabaseUrl url, FetchWorkload workload) throws SQLException {
        try (Connection connection = open(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)" + " FROM "
                                + workload.table() + " t")) {
            row.next();
            return new Sum(row.getLong(1), row.getBigDecimal(2));
        }
    }
}
