package dev.godwit.local.database;

import dev.godwit.database.Database;
import dev.godwit.local.CockroachServer;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Where there is a CockroachDB. */
@ExtendWith(CockroachDialectOnServerTest.Found.class)
class CockroachDialectOnServerTest extends DialectContract {
    private static CockroachServer server;
    private static int databases;

    /** A class that gives up in {@code BeforeAll} would not even be counted as skipped. */
    static final class Found implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return CockroachServer.whyNot()
                    .map(reason -> ConditionEvaluationResult.disabled(
                            "nothing was tried on a real CockroachDB: " + reason.getMessage()))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("there is a CockroachDB"));
        }
    }

    @BeforeAll
    static void start() {
        server = CockroachServer.start("dialect");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    Database database(String... statements) throws SQLException {
        Database database = Database.connect("target", server.createDatabase("dialect" + ++databases));
        SharedServer.execute(database, statements);
        return database;
    }

    @Override
    String bytes() {
        return "bytea";
    }

    @Override
    String moment() {
        return "timestamp";
    }
}
