package dev.godwit.phase.log;

import dev.godwit.database.RefusedException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The twelve steps of a phase, in their order, and the way back. */
public enum PhaseStep {
    PREPARE_SOURCE("prepare the source"),
    PREPARE_TARGET("prepare the target"),
    BULK_LOAD("bulk load"),
    VERIFY_LOAD("verify the load"),
    FINALIZE_SCHEMA("finalize the target schema"),
    FORWARD_REPLICATION("forward replication"),
    STOP_TRAFFIC("stop traffic"),
    DRAIN_FORWARD("drain and stop forward replication"),
    VERIFY_AGAIN("verify again"),
    FAILBACK_REPLICATION("failback replication"),
    CUT_OVER("cut traffic over to the target"),
    STOP_FAILBACK("stop failback replication"),
    /** Not one of the twelve: the way back, possible from {@link #FAILBACK_REPLICATION} on. */
    ROLLBACK("roll back");

    private final String title;

    PhaseStep(String title) {
        this.title = title;
    }

    /** 1 to 12 for the steps, 13 for the way back. */
    public int number() {
        return ordinal() + 1;
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
        return values()[number - 1];
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
    public static java.util.List<PhaseStep> twelve() {
        return Arrays.stream(values()).filter(step -> step != ROLLBACK).toList();
    }

    /** The step before this one; empty for the first. */
    public Optional<PhaseStep> previous() {
        return ordinal() == 0 ? Optional.empty() : Optional.of(values()[ordinal() - 1]);
    }

    @Override
    public String toString() {
        return number() + " " + title;
    }
}
