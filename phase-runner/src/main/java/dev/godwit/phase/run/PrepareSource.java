package dev.godwit.phase.run;

import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Step 1. That the source can be replicated from is checked by the load's own preflight; here is what the phase needs beside that. */
final class PrepareSource extends Step {
    PrepareSource(PhaseContext context) {
        super(context);
    }

    @Override
    PhaseStep id() {
        return PhaseStep.PREPARE_SOURCE;
    }

    @Override
    List<String> plan() {
        return List.of(
                "create the schema " + LedgerSchema.SCHEMA + " on " + context.source.url() + " where it is missing");
    }

    @Override
    void check(StepRecord record) {
        if (context.source.product() != Product.POSTGRESQL && context.source.product() != Product.MYSQL) {
            throw new RefusedException(
                    "the source is " + context.source.product() + ", which this version cannot move from",
                    "use a PostgreSQL or MySQL source");
        }
    }

    @Override
    Evidence run(Attempt attempt) throws SQLException {
        try (Connection connection = context.source.open()) {
            LedgerSchema.create(connection);
            Evidence evidence = Evidence.of("version", context.source.version());
            if (context.source.product() == Product.MYSQL) {
                return evidence.with("gtid_mode", global(connection, "gtid_mode"))
                        .with("binlog_expire_logs_seconds", global(connection, "binlog_expire_logs_seconds"));
            }
            String keep = setting(connection, "max_slot_wal_keep_size");
            if (!keep.equals("-1")) {
                attempt.say(
                        "max_slot_wal_keep_size of the source is " + keep
                                + " MB: if replication lags by more, the server gives up the slot and the phase has to start over");
            }
            return evidence.with("wal_level", setting(connection, "wal_level")).with("max_slot_wal_keep_size_mb", keep);
        }
    }

    private static String global(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@global." + name)) {
            row.next();
            return row.getString(1);
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT setting FROM pg_settings WHERE name = '" + name + "'")) {
            // Older servers do not know all of them, and then do not limit what a slot keeps.
            return row.next() ? row.getString(1) : "-1";
        }
    }
}
