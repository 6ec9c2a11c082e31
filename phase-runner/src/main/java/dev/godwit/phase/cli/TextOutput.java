package dev.godwit.phase.cli;

import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import dev.godwit.phase.run.PhaseStatus;
import dev.godwit.phase.run.StepPlan;
import dev.godwit.phase.run.Words;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** For people. On a terminal, how far a step is stands in the last line and is written over. */
final class TextOutput implements PhaseOutput {
    private static final int CLEAR_WIDTH = 78;

    private final PrintWriter out;
    private final boolean terminal;
    private long shownAtNanos;
    private boolean progressShown;

    TextOutput(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void stepSkipped(StepRecord record) {
        line(String.format(
                Locale.ROOT,
                "%2d %s: done before",
                record.step().number(),
                record.step().title()));
    }

    @Override
    public void stepStarted(PhaseStep step) {
        line(String.format(Locale.ROOT, "%2d %s", step.number(), step.title()));
    }

    @Override
    public synchronized void said(PhaseStep step, String message) {
        line("   " + message);
    }

    @Override
    public synchronized void progressed(PhaseStep step, String unit, long done, long total) {
        if (terminal && System.nanoTime() - shownAtNanos > 200_000_000L) {
            shownAtNanos = System.nanoTime();
            String percent = total > done ? " (" + 100 * done / total + "%)" : "";
            out.print("\r   " + Words.count(done) + " " + unit + percent + "     ");
            out.flush();
            progressShown = true;
        }
    }

    @Override
    public void stepDone(StepRecord record) {
        String evidence = evidence(record.evidence().entries());
        line("   done"
                + record.took().map(took -> " in " + Words.duration(took)).orElse("")
                + (evidence.isEmpty() ? "" : ": " + evidence));
    }

    @Override
    public void stepFailed(StepRecord record) {
        line("   failed"
                + record.took().map(took -> " after " + Words.duration(took)).orElse(""));
    }

    @Override
    public void plan(String phase, List<StepPlan> steps) {
        line("phase " + phase);
        for (StepPlan step : steps) {
            stepStarted(step.step());
            if (step.actions().isEmpty()) {
                line("   " + step.state().word());
            }
            step.actions().forEach(action -> line("   - " + action));
        }
        line("Every check has passed; nothing was written.");
    }

    @Override
    public void status(String phase, PhaseStatus status) {
        line("phase " + phase);
        for (StepRecord record : status.steps().values()) {
            if (record.step() == PhaseStep.ROLLBACK && record.startedAt().isEmpty()) {
                continue;
            }
            String took = record.took().map(Words::duration).orElse("");
            String known =
                    record.startedAt().isPresent() ? evidence(record.evidence().entries()) : "";
            line(String.format(
                            Locale.ROOT,
                            "%2d %-34s %-8s %-10s %s",
                            record.step().number(),
                            record.step().title(),
                            record.state().word(),
                            took,
                            known)
                    .stripTrailing());
        }
        for (PhaseStatus.Direction direction : status.directions()) {
            line(direction.domain() + ": "
                    + direction
                            .consistentPoint()
                            .map(point -> "consistent to " + point
                                    + direction
                                            .behind()
                                            .map(behind -> ", committed " + Words.duration(behind) + " ago")
                                            .orElse(""))
                            .orElse("nothing applied yet")
                    + "; " + direction.capture());
        }
    }

    @Override
    public void ended(String phase, String result, String message) {
        line(message);
    }

    /** Single values only; lists and maps are for {@code --json}. */
    private static String evidence(Map<String, Object> entries) {
        StringJoiner words = new StringJoiner(", ");
        entries.forEach((key, value) -> {
            boolean single = value instanceof Number || value instanceof Boolean || value instanceof String;
            if (single && !key.equals("ms") && String.valueOf(value).length() <= 60) {
                words.add(key.replaceFirst("^num_", "").replace('_', ' ') + " "
                        + (value instanceof Number number ? Words.count(number.longValue()) : value));
            }
        });
        return words.toString();
    }

    private synchronized void line(String text) {
        if (progressShown) {
            out.print("\r" + " ".repeat(CLEAR_WIDTH) + "\r");
            progressShown = false;
        }
        out.println(Secrets.mask(text));
        out.flush();
    }
}
