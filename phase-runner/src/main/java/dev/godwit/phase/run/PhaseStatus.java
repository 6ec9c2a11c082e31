package dev.godwit.phase.run;

import dev.godwit.database.Database;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a phase stands.
 *
 * @param directions those that have a ledger entry
 */
public record PhaseStatus(Map<PhaseStep, StepRecord> steps, List<Direction> directions) {

    /**
     * @param domain {@code <migration>-<phase>-<direction>}
     * @param consistentPoint empty if nothing was applied yet
     * @param behind how long ago the replication source committed that; grows also when there is nothing to apply. Empty if nothing was
     *     applied yet
     * @param capture how the change capture is doing, in a few words
     */
    public record Direction(
            String domain, Optional<String> consistentPoint, Optional<Duration> behind, String capture) {}

    static PhaseStatus of(PhaseContext context, Map<PhaseStep, StepRecord> records) throws SQLException {
        List<Direction> directions = new ArrayList<>();
        direction(context.target, context.forward).ifPresent(directions::add);
        direction(context.source, context.failback).ifPresent(directions::add);
        return new PhaseStatus(records, directions);
    }

    private static Optional<Direction> direction(Database ledger, Replication replication) throws SQLException {
        try (Connection connection = ledger.open();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT consistent_point,"
                                + " (extract(epoch FROM now() - committed_at) * 1000)::INT8 FROM _godwit.domain WHERE domain = ?")) {
            select.setString(1, replication.domain());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                long ms = row.getLong(2);
                Optional<Duration> behind =
                        row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(Math.max(0, ms)));
                return Optional.of(new Direction(
                        replication.domain(),
                        Optional.ofNullable(row.getString(1)),
                        behind,
                        replication.captureState()));
            }
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState())) {
                // No ledger yet.
                return Optional.empty();
            }
            throw e;
        }
    }
}
