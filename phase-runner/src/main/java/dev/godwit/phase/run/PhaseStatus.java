package dev.godwit.phase.run;

import dev.godwit.apply.ledger.Ledger;
import dev.godwit.database.Database;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
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
                PreparedStatement select = connection.prepareStatement("SELECT consistent_point, committed_at,"
                        + " CURRENT_TIMESTAMP(6) FROM _godwit.domain WHERE domain = ?")) {
            select.setString(1, replication.domain());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                OffsetDateTime now = row.getObject(3, OffsetDateTime.class);
                Optional<Duration> behind = Optional.ofNullable(row.getObject(2, OffsetDateTime.class))
                        .map(committedAt -> Duration.between(committedAt, now))
                        .map(duration -> duration.isNegative() ? Duration.ZERO : duration);
                return Optional.of(new Direction(
                        replication.domain(),
                        Optional.ofNullable(row.getString(1)),
                        behind,
                        replication.captureState()));
            }
        } catch (SQLException e) {
            if (Ledger.isNotThereYet(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
