package dev.godwit.apply.write;

import dev.godwit.local.CockroachServer;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs a contract where the user has a CockroachDB, and says why it does not elsewhere. Is asked before any server is started. */
public final class CockroachFound implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return CockroachServer.whyNot()
                .map(reason -> ConditionEvaluationResult.disabled(
                        "nothing was tried on a real CockroachDB: " + reason.getMessage()))
                .orElseGet(() -> ConditionEvaluationResult.enabled("there is a CockroachDB"));
    }
}
