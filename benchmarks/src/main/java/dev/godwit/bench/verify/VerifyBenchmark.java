package dev.godwit.bench.verify;

import dev.godwit.bench.fetch.FetchWorkload;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Runs all contestants in all situations, in turn. */
public final class VerifyBenchmark {
    private static final int WARM_UP = 0;

    private final VerifySettings settings;
    private final Consumer<String> narrator;

    /** @param narrator is told line by line what happens */
    public VerifyBenchmark(VerifySettings settings, Consumer<String> narrator) {
        this.settings = settings;
        this.narrator = narrator;
    }

    /** @throws IllegalStateException if a contestant fails, or does not find exactly what differs */
    public VerifyResult run() throws SQLException, IOException, InterruptedException {
        List<VerifyMeasurement> measurements = new ArrayList<>();
        Map<FetchWorkload, Integer> differing = new LinkedHashMap<>();
        for (FetchWorkload workload : settings.workloads()) {
            narrator.accept(workload.label() + ": " + workload.description()
                    + String.format(Locale.ROOT, ", %,d rows", settings.rows(workload)));
            try (VerifyDatabases databases = VerifyDatabases.make(workload, settings)) {
                differing.put(workload, databases.planted().size());
                measurements.addAll(measure(workload, new VerifyRun(databases, settings)));
            }
        }
        return new VerifyResult(settings, differing, measurements);
    }

    private List<VerifyMeasurement> measure(FetchWorkload workload, VerifyRun run)
            throws SQLException, IOException, InterruptedException {
        // All in this process: what is compiled and cached first would be to the disadvantage of whoever is first.
        for (VerifyContestant contestant : settings.contestants()) {
            run.measure(new VerifyScenario(workload, false, false), contestant, WARM_UP);
        }
        List<VerifyMeasurement> measurements = new ArrayList<>();
        for (int round = 1; round <= settings.rounds(); round++) {
            for (VerifyPlace place : settings.places()) {
                for (boolean differ : List.of(false, true)) {
                    List<VerifyContestant> order = new ArrayList<>(settings.contestants());
                    Collections.rotate(order, 1 - round);
                    for (VerifyContestant contestant : order) {
                        VerifyMeasurement measurement = run.measure(
                                new VerifyScenario(workload, place == VerifyPlace.LINK, differ), contestant, round);
                        measurements.add(measurement);
                        narrator.accept("  " + VerifyResult.line(measurement));
                    }
                }
            }
        }
        return measurements;
    }
}
