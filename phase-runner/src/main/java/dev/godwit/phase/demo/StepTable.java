package dev.godwit.phase.demo;

import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import dev.godwit.phase.log.StepState;
import dev.godwit.phase.run.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The twelve steps of a phase with state, time and evidence. */
final class StepTable {
    private final DemoPhase phase;

    StepTable(DemoPhase phase) {
        this.phase = phase;
    }

    List<String> lines() throws Exception {
        Map<PhaseStep, StepRecord> records = phase.records();
        boolean rolledBack = records.get(PhaseStep.ROLLBACK).isDone();
        List<String> lines = new ArrayList<>();
        lines.add("phase " + phase.region());
        lines.add(row("", "step", "state", "took", "evidence"));
        for (PhaseStep step : PhaseStep.values()) {
            StepRecord record = records.get(step);
            boolean never = record.state() == StepState.PLANNED;
            if (step == PhaseStep.ROLLBACK) {
                if (rolledBack) {
                    lines.add(row("-", "roll back", "done", took(record), "traffic is on the source again"));
                }
            } else if (never) {
                lines.add(row(
                        String.valueOf(step.number()),
                        step.title(),
                        "not taken",
                        "",
                        rolledBack ? "rolled back instead" : ""));
            } else {
                lines.add(row(
                        String.valueOf(step.number()),
                        step.title(),
                        record.state().word(),
                        took(record),
                        DemoListener.words(step, record.evidence())));
            }
        }
        return lines;
    }

    private static String took(StepRecord record) {
        return record.took().map(Words::duration).orElse("");
    }

    private static String row(String number, String title, String state, String took, String evidence) {
        return String.format(Locale.ROOT, " %3s  %-36s %-9s %9s  %s", number, title, state, took, evidence)
                .stripTrailing();
    }
}
