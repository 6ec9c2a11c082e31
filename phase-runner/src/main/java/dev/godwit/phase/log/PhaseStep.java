package dev.godwit.phase.log;

import dev.godwit.database.RefusedException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The twelve steps of a phase, in their order, and the way back. */
public enum PhaseStep {
    PREPARE_SOURCE(1, "prepare the source"),
    PREPARE_TARGET(2, "prepare the target"),
    BULK_LOAD(3, "bulk load"),
    VERIFY_LOAD(4, "verify the load"),
    FINALIZE_SCHEMA(5, "finalize the target schema"),
    FORWARD_REPLICATION(6, "forward replication"),
    STOP_TRAFFIC(7, "stop traffic"),
    DRAIN_FORWARD(8, "drain and stop forward replication"),
    VERIFY_AGAIN(9, "verify again"),
    FAILBACK_REPLICATION(10, "failback replication"),
    CUT_OVER(11, "cut traffic over to the target"),
    STOP_FAILBACK(12, "stop failback replication"),
    /** Not one of the twelve: the way back, possible from {@link #FAILBACK_REPLICATION} on. */
    ROLLBACK(13, "roll back");

    private final int number;
    private final String title;

    PhaseStep(int number, String title) {
        this.number = number;
        this.title = title;
    }

    /** 1 to 12 for the steps, 13 for the way back. Stands in the ledger. */
    public int number() {
        return number;
    }

    /** In words, for people. */
    public String title() {
        return title;
    }

    /** As written on the command line: {@code bulk-load}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean isBefore(PhaseStep other) {
        return compareTo(other) < 0;
    }

    public static PhaseStep ofNumber(int number) {
        return Arrays.stream(values())
                .filter(step -> step.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no step " + number));
    }

    /** Takes the word or the number of one of the twelve steps. */
    public static PhaseStep parse(String text) {
        return twelve().stream()
                .filter(step -> step.word().equals(text)
                        || Integer.toString(step.number()).equals(text))
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        "there is no step \"" + text + "\"",
                        "use a number from 1 to 12 or one of: "
                                + twelve().stream().map(PhaseStep::word).collect(Collectors.joining(", "))));
    }

    /** The steps without the way back. */
    public static List<PhaseStep> twelve() {
        return Arrays.stream(values()).filter(step -> step != ROLLBACK).toList();
    }

    @Override
    public String toString() {
        return number() + " " + title;
    }
}
