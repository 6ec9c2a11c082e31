package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.local.CockroachServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One real CockroachDB for all test classes that ask for it, if there is one, with a database {@code verify}. Every test finds an
 * empty schema {@code s} in it. Without one the tests are skipped, before any server is started.
 */
final class CockroachTarget implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback {
    private static Shared shared;

    private record Shared(CockroachServer server, Database database) {
        static Shared start() {
            CockroachServer server = CockroachServer.start("verify");
            try {
                return new Shared(server, Database.connect("target", server.createDatabase("verify")));
            } catch (RuntimeException | Error e) {
                server.close();
                throw e;
            }
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return CockroachServer.whyNot()
                .map(reason -> ConditionEvaluationResult.disabled(
                        "nothing was compared with a real CockroachDB: " + reason.getMessage()))
                .orElseGet(() -> ConditionEvaluationResult.enabled("there is a CockroachDB"));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
    }

    /** It ends with the JVM. */
    private static synchronized void start() {
        if (shared == null) {
            shared = Shared.start();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws SQLException {
        try (Connection connection = database().open();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS s CASCADE");
            statement.execute("CREATE SCHEMA s");
        }
    }

    static Database database() {
        return shared.database();
    }
}
