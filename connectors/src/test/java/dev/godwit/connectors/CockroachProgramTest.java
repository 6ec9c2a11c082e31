package dev.godwit.connectors;

import dev.godwit.database.DatabaseUrl;
import dev.godwit.local.CockroachServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** On the user's {@code cockroach} program, with certificates. */
@ExtendWith({CockroachProgramTest.Found.class, TestStack.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CockroachProgramTest extends CockroachContract {
    private CockroachServer server;

    /** Is asked before any server is started. */
    static final class Found implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return CockroachServer.program().isPresent()
                    ? ConditionEvaluationResult.enabled("there is a cockroach program")
                    : ConditionEvaluationResult.disabled(
                            "there is no cockroach program on the PATH and GODWIT_COCKROACH names none, so nothing was tried on a real CockroachDB");
        }
    }

    @BeforeAll
    void start() {
        server = CockroachServer.startSecure("contract");
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    DatabaseUrl createDatabase(String name) {
        return server.createDatabase(name);
    }

    @Override
    boolean reachesKafka() {
        return true;
    }
}
