package dev.godwit.apply.ledger;

import dev.godwit.apply.change.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How far all domains of a direction are, as the ledger says.
 *
 * @param domains one for each that the direction has, whether it has begun or not
 */
public record DirectionProgress(List<DomainProgress> domains) {
    public DirectionProgress {
        domains = List.copyOf(domains);
    }

    /**
     * Of one domain.
     *
     * @param marker the last drain marker that has come through; -1 if none has
     * @param markedAt where the marker stands in the source's log, if only some domain can have seen it; else null
     * @param consistentPoint null if there is none yet
     * @param committedAt when the source committed that; null if there is none yet
     */
    public record DomainProgress(
            String domain, long marker, Position markedAt, Position consistentPoint, Instant committedAt) {}

    /** The connection must be in auto-commit mode. */
    public static DirectionProgress read(Connection connection, String direction) throws SQLException {
        List<DomainProgress> found = new ArrayList<>();
        for (String domain : Directions.domains(connection, direction)) {
            found.add(read(connection, domain, "SELECT watermark, consistent_point, committed_at FROM _godwit.domain"));
        }
        return new DirectionProgress(found);
    }

    private static DomainProgress read(Connection connection, String domain, String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql + " WHERE domain = ?")) {
            select.setString(1, domain);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    String marker = row.getString(1);
                    String point = row.getString(2);
                    OffsetDateTime committedAt = row.getObject(3, OffsetDateTime.class);
                    String[] parts = marker == null ? new String[] {"-1"} : marker.split("@", 2);
                    return new DomainProgress(
                            domain,
                            Long.parseLong(parts[0]),
                            parts.length == 1 ? null : Position.parse(parts[1]),
                            point == null ? null : Position.parse(point),
                            committedAt == null ? null : committedAt.toInstant());
                }
            }
        } catch (SQLException e) {
            if (!Ledger.isNotThereYet(e)) {
                throw e;
            }
        }
        return new DomainProgress(domain, -1, null, null, null);
    }

    /**
     * The marker that has come through everywhere; -1 if none has. Where domains are partitions, it comes by one of them; the
     * others have to have come as far.
     */
    public long marker() {
        DomainProgress seen = domains.stream()
                .max(Comparator.comparingLong(DomainProgress::marker))
                .orElseThrow();
        if (seen.markedAt == null) {
            return domains.stream().mapToLong(DomainProgress::marker).min().orElse(-1);
        }
        return domains.stream().allMatch(domain -> isAt(domain, seen.markedAt)) ? seen.marker : -1;
    }

    private static boolean isAt(DomainProgress domain, Position position) {
        return domain.consistentPoint != null && domain.consistentPoint.compareTo(position) >= 0;
    }

    /** The latest marker that has come through anywhere; -1 if none has. */
    public long latestMarker() {
        return domains.stream().mapToLong(DomainProgress::marker).max().orElse(-1);
    }

    /** The domain that is furthest behind; it has the consistent point of the direction. */
    public DomainProgress last() {
        return domains.stream()
                .min(Comparator.comparing(
                        DomainProgress::consistentPoint, Comparator.nullsFirst(Comparator.naturalOrder())))
                .orElseThrow();
    }

    /** The consistent point of the direction: that of the domain that is furthest behind. */
    public Optional<Position> consistentPoint() {
        return Optional.ofNullable(last().consistentPoint());
    }

    /** Those through which a marker has not come yet, or that are not as far. */
    public List<String> waitingFor(long marker) {
        Position at = domains.stream()
                .filter(domain -> domain.marker >= marker)
                .map(DomainProgress::markedAt)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return domains.stream()
                .filter(domain -> at == null ? domain.marker < marker : !isAt(domain, at))
                .map(DomainProgress::domain)
                .toList();
    }
}
