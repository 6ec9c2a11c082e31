package dev.godwit.phase.demo;

import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import dev.godwit.phase.run.PhaseListener;
import dev.godwit.phase.run.Words;
import java.time.Duration;
import java.util.Locale;

/** Narrates the steps in one or two lines each. */
final class DemoListener implements PhaseListener {
    private final Narrator narrator;

    DemoListener(Narrator narrator) {
        this.narrator = narrator;
    }

    @Override
    public void stepStarted(PhaseStep step) {
        narrator.say(label(step) + " ...");
    }

    /** Tables and statements one by one are too much here; what has become of them stands in the line that ends the step. */
    @Override
    public void said(PhaseStep step, String message) {
        if (step != PhaseStep.BULK_LOAD && step != PhaseStep.FINALIZE_SCHEMA) {
            narrator.say("         " + message);
        }
    }

    @Override
    public void stepDone(StepRecord step) {
        String took = step.took().map(Words::duration).orElse("");
        String evidence = words(step.step(), step.evidence());
        narrator.say("         done in " + took + (evidence.isEmpty() ? "" : ": " + evidence));
    }

    @Override
    public void stepFailed(StepRecord step) {
        narrator.say(label(step.step()) + " failed");
    }

    private static String label(PhaseStep step) {
        return step == PhaseStep.ROLLBACK
                ? "roll back"
                : String.format(Locale.ROOT, "step %2d  %s", step.number(), step.title());
    }

    /** What a step has to show, in a few words; also for the table at the end. */
    static String words(PhaseStep step, Evidence evidence) {
        return switch (step) {
            case BULK_LOAD ->
                Words.count(evidence.number("rows")) + " rows, consistent at checkpoint "
                        + checkpoint(evidence.text("checkpoint").orElse("?"));
            case VERIFY_LOAD ->
                compared(evidence) + ", compared with the "
                        + evidence.text("compared_with").orElse("source");
            case VERIFY_AGAIN -> compared(evidence) + ", at rest";
            case FORWARD_REPLICATION, FAILBACK_REPLICATION ->
                "a marker took " + Words.duration(Duration.ofMillis(evidence.number("lag_ms")))
                        + " from one side to the other";
            case DRAIN_FORWARD ->
                "drained in " + Words.duration(Duration.ofMillis(evidence.number("lag_ms"))) + ", everything up to "
                        + evidence.text("consistent_point").orElse("?") + " is applied";
            case PREPARE_SOURCE ->
                evidence.text("gtid_mode").isPresent()
                        ? "gtid_mode is ON, the binary log has whole rows, the user may replicate"
                        : "wal_level is " + evidence.text("wal_level").orElse("?") + ", the user may replicate";
            case PREPARE_TARGET -> "the tables fit, and _godwit is there";
            case FINALIZE_SCHEMA -> evidence.number("statements") + " statements: indexes, unique keys, foreign keys";
            case STOP_TRAFFIC, CUT_OVER, STOP_FAILBACK, ROLLBACK -> "";
        };
    }

    /** A GTID set without most of the server's UUID. */
    private static String checkpoint(String text) {
        return text.replaceAll("([0-9a-f]{4})[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "$1...");
    }

    private static String compared(Evidence evidence) {
        long differing =
                evidence.number("num_missing") + evidence.number("num_mismatch") + evidence.number("num_extraneous");
        return Words.count(evidence.number("num_success")) + " rows equal, " + Words.count(differing) + " differ";
    }
}
