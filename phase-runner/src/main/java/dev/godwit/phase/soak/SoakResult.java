package dev.godwit.phase.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * @param problems what must not be; none if passed
 * @param rowsCompared equal rows, compared at rest at the end
 * @param reads of all pairs, by the reader on the target
 * @param owners how many times an applier became the owner of a domain
 */
record SoakResult(
        SoakSettings settings,
        List<String> problems,
        long seconds,
        Map<Fault, Integer> faults,
        long transactions,
        long rowsCompared,
        long reads,
        long owners) {
    SoakResult {
        problems = List.copyOf(problems);
    }

    static SoakResult failed(SoakSettings settings, Exception failure) {
        return new SoakResult(settings, List.of("the soak broke off: " + failure), 0, Map.of(), 0, 0, 0, 0);
    }

    boolean isPass() {
        return problems.isEmpty();
    }

    /** One line, a JSON object. */
    String json() {
        Map<String, Integer> byWord = new TreeMap<>();
        faults.forEach((fault, count) -> byWord.put(fault.word(), count));
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("result", isPass() ? "pass" : "fail");
        line.put("target", "postgresql-stand-in");
        line.put("mode", settings.mode().label());
        line.put("seed", settings.seed());
        line.put("seconds", seconds);
        line.put("faults", byWord);
        line.put("owners", owners);
        line.put("source_transactions", transactions);
        line.put("rows_equal", rowsCompared);
        line.put("reads", reads);
        line.put("problems", new ArrayList<>(problems));
        try {
            return new ObjectMapper().writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
