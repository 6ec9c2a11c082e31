package dev.godwit.phase.run;

import dev.godwit.apply.change.Position;
import dev.godwit.apply.ledger.DirectionProgress;
import dev.godwit.apply.ledger.Directions;
import dev.godwit.apply.ledger.Ledger;
import dev.godwit.database.Database;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
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
        try (Connection connection = ledger.open()) {
            if (Directions.read(connection, replication.domain()).isEmpty()) {
                return Optional.empty();
            }
            DirectionProgress progress = DirectionProgress.read(connection, replication.domain());
            Instant now = now(connection);
            Optional<Duration> behind = Optional.ofNullable(progress.last().committedAt())
                    .map(committedAt -> Duration.between(committedAt, now))
                    .map(duration -> duration.isNegative() ? Duration.ZERO : duration);
            return Optional.of(new Direction(
                    replication.domain(),
                    progress.consistentPoint().map(Position::toString),
                    behind,
                    replication.captureState()));
        } catch (SQLException e) {
            if (Ledger.isNotThereYet(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CURRENT_TIMESTAMP(6)")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }
}
