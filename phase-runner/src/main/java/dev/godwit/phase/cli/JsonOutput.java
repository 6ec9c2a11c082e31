package dev.godwit.phase.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import dev.godwit.phase.run.PhaseStatus;
import dev.godwit.phase.run.StepPlan;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One JSON object per line; each has {@code message}, and {@code step} where it is about one. */
final class JsonOutput implements PhaseOutput {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;

    JsonOutput(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void stepSkipped(StepRecord record) {
        write(of("step skipped", record));
    }

    @Override
    public void stepStarted(PhaseStep step) {
        write(of("step started", step));
    }

    @Override
    public void said(PhaseStep step, String message) {
        Map<String, Object> line = of("note", step);
        line.put("text", message);
        write(line);
    }

    @Override
    public void stepDone(StepRecord record) {
        write(of("step done", record));
    }

    @Override
    public void stepFailed(StepRecord record) {
        write(of("step failed", record));
    }

    @Override
    public void plan(String phase, List<StepPlan> steps) {
        for (StepPlan step : steps) {
            Map<String, Object> line = of("step planned", step.step());
            line.put("phase", phase);
            line.put("state", step.state().word());
            line.put("actions", step.actions());
            write(line);
        }
    }

    @Override
    public void status(String phase, PhaseStatus status) {
        for (StepRecord record : status.steps().values()) {
            if (record.step() != PhaseStep.ROLLBACK || record.startedAt().isPresent()) {
                Map<String, Object> line = of("step", record);
                line.put("phase", phase);
                write(line);
            }
        }
        for (PhaseStatus.Direction direction : status.directions()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("message", "direction");
            line.put("domain", direction.domain());
            line.put("consistent_point", direction.consistentPoint().orElse(null));
            line.put("behind_ms", direction.behind().map(Duration::toMillis).orElse(null));
            line.put("capture", direction.capture());
            write(line);
        }
    }

    @Override
    public void ended(String phase, String result, String message) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("message", "ended");
        line.put("phase", phase);
        line.put("result", result);
        line.put("text", message);
        write(line);
    }

    private static Map<String, Object> of(String message, PhaseStep step) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("message", message);
        line.put("step", step.number());
        line.put("name", step.word());
        return line;
    }

    private static Map<String, Object> of(String message, StepRecord record) {
        Map<String, Object> line = of(message, record.step());
        line.put("state", record.state().word());
        line.put("started_at", record.startedAt().map(Instant::toString).orElse(null));
        line.put("ended_at", record.endedAt().map(Instant::toString).orElse(null));
        line.put("evidence", record.evidence().entries());
        return line;
    }

    private void write(Map<String, Object> line) {
        try {
            out.println(Secrets.mask(JSON.writeValueAsString(line)));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
