package dev.godwit.phase.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.local.StackSettings.Source;
import dev.godwit.local.demo.Downtime;
import dev.godwit.local.demo.RegionCounts;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import dev.godwit.phase.run.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the demo has shown, in numbers. */
final class DemoResult {
    private final ObjectNode json = new ObjectMapper().createObjectNode();
    private final List<String> lostWrites = new ArrayList<>();
    private long rowsLoaded;
    private long changesForward;
    private long changesFailback;
    private long mismatches;
    private Duration downtime = Duration.ZERO;
    private Duration returnDowntime = Duration.ZERO;
    private RegionCounts traffic;
    private String failure;

    DemoResult(DemoSettings settings) {
        json.put("result", "fail");
        ArrayNode phases = json.putArray("phases");
        settings.phases().forEach(region -> phases.add(region.code()));
        if (settings.source() == Source.MYSQL) {
            json.put("source", settings.source().label());
        }
        json.put("target", settings.target().label());
    }

    static DemoResult failed(DemoSettings settings, Throwable failure) {
        DemoResult result = new DemoResult(settings);
        result.failure = String.valueOf(failure.getMessage());
        return result;
    }

    void mismatches(long rows) {
        mismatches += rows;
    }

    void lostWrites(List<String> problems) {
        lostWrites.addAll(problems);
    }

    void traffic(RegionCounts counts) {
        traffic = counts;
    }

    void phase(DemoPhase phase) throws Exception {
        Map<PhaseStep, StepRecord> records = phase.records();
        rowsLoaded += records.get(PhaseStep.BULK_LOAD).evidence().number("rows");
        for (PhaseStep step : List.of(PhaseStep.VERIFY_LOAD, PhaseStep.VERIFY_AGAIN)) {
            for (String counter : List.of("num_missing", "num_mismatch", "num_extraneous")) {
                mismatches += records.get(step).evidence().number(counter);
            }
        }
        changesForward += phase.forwardCounts().changes();
        changesFailback += phase.failbackCounts().changes();
        downtime = longest(downtime, phase.downtime().map(Downtime::duration).orElse(Duration.ZERO));
        returnDowntime = longest(
                returnDowntime, phase.returnDowntime().map(Downtime::duration).orElse(Duration.ZERO));
    }

    private static Duration longest(Duration left, Duration right) {
        return left.compareTo(right) >= 0 ? left : right;
    }

    /** No row differs, no write is lost, the application met no error, and something did flow in both directions. */
    boolean isPass() {
        return failure == null
                && mismatches == 0
                && lostWrites.isEmpty()
                && traffic != null
                && traffic.failures() == 0
                && changesForward > 0
                && changesFailback > 0;
    }

    List<String> sentences(Duration elapsed) {
        List<String> sentences = new ArrayList<>();
        sentences.add(Words.count(traffic.transactions()) + " transactions of the application, " + traffic.failures()
                + " failed; "
                + lostWrites.size() + " writes lost; longest downtime of a phase " + Words.duration(downtime)
                + ", of the way back "
                + Words.duration(returnDowntime));
        lostWrites.stream().limit(5).forEach(problem -> sentences.add("lost: " + problem));
        traffic.firstFailures().forEach(reason -> sentences.add("failed: " + reason));
        json.put("seconds", elapsed.toSeconds());
        return sentences;
    }

    /** One line. */
    String json() {
        json.put("result", isPass() ? "pass" : "fail");
        json.put("rows_loaded", rowsLoaded);
        json.put("changes_applied_forward", changesForward);
        json.put("changes_applied_failback", changesFailback);
        json.put("mismatches", mismatches);
        json.put("lost_writes", lostWrites.size());
        json.put("downtime_ms", downtime.toMillis());
        json.put("return_downtime_ms", returnDowntime.toMillis());
        if (traffic != null) {
            json.put("traffic_transactions", traffic.transactions());
            json.put("traffic_failures", traffic.failures());
        }
        if (failure != null) {
            json.put("error", failure);
        }
        return json.toString();
    }
}
