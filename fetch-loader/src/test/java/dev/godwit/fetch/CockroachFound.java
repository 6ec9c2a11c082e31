package dev.godwit.fetch;

import dev.godwit.local.CockroachServer;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs a contract where the user has a CockroachDB, and says why it does not elsewhere. Is asked before any server is started. {@code
 * -Dgodwit.cockroach.stand-in=true} runs it on the stand-in, which tries the test and not CockroachDB.
 */
public final class CockroachFound implements ExecutionCondition {
    static boolean isStandIn() {
        return Boolean.getBoolean("godwit.cockroach.stand-in");
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (isStandIn()) {
            return ConditionEvaluationResult.enabled("on the stand-in, as asked for");
        }
        return CockroachServer.whyNot()
                .map(reason -> ConditionEvaluationResult.disabled(
                        "nothing was tried on a real CockroachDB: " + reason.getMessage()))
                .orElseGet(() -> ConditionEvaluationResult.enabled("there is a CockroachDB"));
    }
}
