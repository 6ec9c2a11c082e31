package dev.godwit.apply;

import dev.godwit.apply.ledger.Directions;
import dev.godwit.apply.ledger.Ledger;
import dev.godwit.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * What the ledger says about a domain.
 *
 * @param domain its name
 * @param epoch how often an applier has become its owner
 * @param consistentPoint everything committed at or before it is applied; empty if nothing is yet
 * @param committedAt when the source committed that
 * @param marker the last drain marker that has come through
 * @param changedAt when the ledger last moved
 * @param deadLetters changes that stand aside and were not replayed
 */
public record DomainStatus(
        String domain,
        long epoch,
        Optional<String> consistentPoint,
        Optional<Instant> committedAt,
        Optional<String> marker,
        Instant changedAt,
        int deadLetters) {

    /**
     * Reads it; empty if no applier of the domain has begun yet.
     *
     * @throws ApplyException if the ledger cannot be read
     */
    public static Optional<DomainStatus> read(Database replicationTarget, String domain) {
        try (Connection connection = replicationTarget.open();
                PreparedStatement select = connection.prepareStatement("SELECT epoch, consistent_point, committed_at,"
                        + " watermark, changed_at FROM " + Ledger.domains(connection) + " WHERE domain = ?")) {
            select.setString(1, domain);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(new DomainStatus(
                        domain,
                        row.getLong(1),
                        Optional.ofNullable(row.getString(2)),
                        Optional.ofNullable(row.getObject(3, OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant),
                        Optional.ofNullable(row.getString(4)).map(marker -> marker.split("@", 2)[0]),
                        row.getObject(5, OffsetDateTime.class).toInstant(),
                        DeadLetters.openOf(replicationTarget, domain)));
            }
        } catch (SQLException e) {
            if (Ledger.isNotThereYet(e)) {
                return Optional.empty();
            }
            throw new ApplyException("cannot read the ledger of " + domain + ": " + e.getMessage(), e);
        }
    }

    /**
     * Of all domains of a direction that have begun, by name.
     *
     * @throws ApplyException if the ledger cannot be read
     */
    public static List<DomainStatus> all(Database replicationTarget, String direction) {
        try (Connection connection = replicationTarget.open()) {
            return Directions.domains(connection, direction).stream()
                    .map(domain -> read(replicationTarget, domain))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (SQLException e) {
            throw new ApplyException("cannot read the ledger of " + direction + ": " + e.getMessage(), e);
        }
    }

    /** In which mode a direction is applied; empty if no applier of it has begun. */
    public static Optional<ApplyMode> mode(Database replicationTarget, String direction) {
        try (Connection connection = replicationTarget.open()) {
            return Directions.read(connection, direction).map(Directions.Layout::mode);
        } catch (SQLException e) {
            throw new ApplyException("cannot read the ledger of " + direction + ": " + e.getMessage(), e);
        }
    }
}
