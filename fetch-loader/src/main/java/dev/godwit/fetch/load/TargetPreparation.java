package dev.godwit.fetch.load;

import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.plan.LoadPlan;
import dev.godwit.fetch.plan.TablePlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;

/** Makes room on the target, as the table handling says, in one transaction. */
final class TargetPreparation {
    private TargetPreparation() {}

    static void prepare(FetchRequest request, LoadPlan plan, Connection target) throws SQLException {
        Dialect dialect = request.target().dialect();
        try (Statement statement = target.createStatement()) {
            switch (request.tableHandling()) {
                case NONE -> {}
                case TRUNCATE_IF_EXISTS ->
                    // One statement for all tables: then their foreign keys to each other do not matter.
                    statement.execute(plan.targets().stream()
                            .map(dialect::quote)
                            .collect(Collectors.joining(", ", "TRUNCATE TABLE ", "")));
                case REPLACE_SLICE -> {
                    statement.execute("BEGIN");
                    for (TablePlan table : plan.childrenFirst()) {
                        statement.execute("DELETE FROM " + dialect.quote(table.target())
                                + table.mapping().where(dialect));
                    }
                    statement.execute("COMMIT");
                }
                case DROP_ON_TARGET_AND_RECREATE ->
                    plan.recreated().orElseThrow().make(target);
            }
        }
    }
}
