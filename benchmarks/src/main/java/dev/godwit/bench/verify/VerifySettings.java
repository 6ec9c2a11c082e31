package dev.godwit.bench.verify;

import dev.godwit.bench.fetch.FetchWorkload;
import dev.godwit.database.RefusedException;
import java.util.Arrays;
import java.util.List;

/**
 * What is measured.
 *
 * @param percent of the tables' rows that are made
 * @param differences rows that differ where the tables are not equal
 * @param megabitsPerSecond of the link to one of the databases
 * @param concurrency of Godwit
 * @param contestants who is measured; {@link VerifyContestant#COPY} among them, as the others are told in its terms
 * @param places where the databases are
 */
public record VerifySettings(
        List<FetchWorkload> workloads,
        double percent,
        int rounds,
        long seed,
        int differences,
        double megabitsPerSecond,
        int concurrency,
        List<VerifyContestant> contestants,
        List<VerifyPlace> places) {

    /** All contestants, everywhere. */
    public VerifySettings(
            List<FetchWorkload> workloads,
            double percent,
            int rounds,
            long seed,
            int differences,
            double megabitsPerSecond,
            int concurrency) {
        this(
                workloads,
                percent,
                rounds,
                seed,
                differences,
                megabitsPerSecond,
                concurrency,
                List.of(VerifyContestant.values()),
                List.of(VerifyPlace.values()));
    }

    public VerifySettings {
        workloads = List.copyOf(workloads);
        places = List.copyOf(places);
        List<VerifyContestant> chosen = contestants;
        contestants = Arrays.stream(VerifyContestant.values())
                .filter(one -> one == VerifyContestant.COPY || chosen.contains(one))
                .toList();
        if (!(percent >= 0.01 && percent <= 1_000)) {
            throw new RefusedException(
                    percent + " percent of the rows cannot be measured", "use --percent 0.01 to 1000");
        }
        if (rounds < 1 || rounds > 100) {
            throw new RefusedException(rounds + " rounds are too few or too many", "use --rounds 1 to 100");
        }
        if (!(megabitsPerSecond >= 1)) {
            throw new RefusedException(
                    "a link of " + megabitsPerSecond + " Mbit/s is too slow", "use --link 1 or more");
        }
        if (concurrency < 1) {
            throw new RefusedException("--concurrency is " + concurrency, "give a number of at least 1");
        }
    }

    long rows(FetchWorkload workload) {
        return Math.max(differences * 4L, Math.round(workload.rows() * percent / 100));
    }
}
