package dev.godwit.phase.run;

import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.StructureComparison;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.phase.file.PhaseFile.Feed;
import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Step 2. That the tables fit those of the source is checked by the load's own preflight; here is what the way back needs. */
final class PrepareTarget extends Step {
    PrepareTarget(PhaseContext context) {
        super(context);
    }

    @Override
    PhaseStep id() {
        return PhaseStep.PREPARE_TARGET;
    }

    @Override
    List<String> plan() {
        return List.of(
                "create the schema " + LedgerSchema.SCHEMA + " on " + context.target.url() + " where it is missing");
    }

    @Override
    void check(StepRecord record) throws SQLException {
        requireReturnWithoutChange();
        if (context.file.failback().changefeed() == Feed.EXTERNAL) {
            return;
        }
        if (context.target.product() != Product.COCKROACHDB) {
            throw new RefusedException(
                    "the target is " + context.target.product() + ", which has no changefeeds for the way back",
                    "use a CockroachDB target, or set failback.changefeed to external in " + context.file.path()
                            + " and provide the feed yourself");
        }
        if (rangefeeds().equals("false")) {
            throw new RefusedException(
                    "the target's cluster setting kv.rangefeed.enabled is off, so it has no changefeeds for the way back",
                    "run SET CLUSTER SETTING kv.rangefeed.enabled = true; on the target");
        }
    }

    /** Found now rather than in step 10, when the traffic is stopped. */
    private void requireReturnWithoutChange() throws SQLException {
        Catalog source = context.source.catalog();
        Catalog target = context.target.catalog();
        if (!StructureComparison.compare(tables(source), target).isEmpty()) {
            return; // the check of the load says what does not even fit on the way there
        }
        List<StructureDifference> differences = StructureComparison.compareForReturn(tables(target), source);
        if (!differences.isEmpty()) {
            throw new RefusedException(
                    "values written on the target would change in silence on their way back to the source: "
                            + differences.stream()
                                    .map(StructureDifference::toString)
                                    .collect(Collectors.joining("; ")),
                    "give these columns the same type on both sides (in these messages the target is where failback comes from)");
        }
    }

    private List<Table> tables(Catalog catalog) {
        return context.tables().stream()
                .flatMap(name -> catalog.table(name).stream())
                .toList();
    }

    private String rangefeeds() throws SQLException {
        try (Connection connection = context.target.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW CLUSTER SETTING kv.rangefeed.enabled")) {
            return row.next() && !row.getBoolean(1) ? "false" : "true";
        } catch (SQLException e) {
            if ("42501".equals(e.getSQLState())) {
                // Not everybody may look at settings; step 10 would say so then.
                return "unknown";
            }
            throw e;
        }
    }

    @Override
    Evidence run(Attempt attempt) throws SQLException {
        try (Connection connection = context.target.open()) {
            LedgerSchema.create(connection);
        }
        Evidence evidence = Evidence.of("version", context.target.version());
        Optional<Duration> gcTtl = context.file.failback().gcTtl();
        return gcTtl.isEmpty()
                ? evidence
                : evidence.with(new GcTtl(context.target, context.tables()).raise(gcTtl.get(), attempt));
    }
}
