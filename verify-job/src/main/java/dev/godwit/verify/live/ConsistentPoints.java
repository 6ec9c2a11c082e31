package dev.godwit.verify.live;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the ledger of a replication target tells of its domains. Writes nothing. */
public final class ConsistentPoints {

    /**
     * Up to where a domain is applied.
     *
     * @param position empty if nothing was applied yet
     * @param committedAt by the source's clock; empty if nothing was applied yet
     */
    public record Point(String domain, Optional<LogPosition> position, Optional<Instant> committedAt) {
        /** Whether everything up to there is applied. */
        public boolean hasPassed(LogPosition other) {
            return position.isPresent() && position.get().compareTo(other) >= 0;
        }
    }

    private ConsistentPoints() {}

    /** All domains; empty too if there is no ledger. */
    public static List<Point> read(Database target) throws SQLException {
        try (Connection connection = target.open();
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT 1 FROM information_schema.tables"
                    + " WHERE table_schema = '_godwit' AND table_name = 'domain'")) {
                if (!row.next()) {
                    return List.of();
                }
            }
            List<Point> points = new ArrayList<>();
            try (ResultSet row = statement.executeQuery(
                    "SELECT domain, consistent_point, committed_at FROM _godwit.domain ORDER BY domain")) {
                while (row.next()) {
                    points.add(new Point(
                            row.getString(1),
                            Optional.ofNullable(row.getString(2)).map(LogPosition::parse),
                            Optional.ofNullable(row.getObject(3, OffsetDateTime.class))
                                    .map(OffsetDateTime::toInstant)));
                }
            }
            return points;
        }
    }

    /**
     * The domain that replicates from the source to the target.
     *
     * @param wanted empty if there is only one
     * @throws RefusedException if there is none or more than one to choose from, or it is of the other direction
     */
    public static Point choose(Optional<String> wanted, Database source, Database target) throws SQLException {
        List<Point> all = read(target);
        String names = all.isEmpty()
                ? "its ledger has none"
                : "its ledger has " + all.stream().map(Point::domain).collect(Collectors.joining(", "));
        if (wanted.isPresent()) {
            Point point = all.stream()
                    .filter(candidate -> candidate.domain().equals(wanted.get()))
                    .findFirst()
                    .orElseThrow(
                            () -> new RefusedException(
                                    "no domain " + wanted.get() + " is applied to the target: " + names,
                                    "give --domain as <migration>-<phase>-forward, or leave --live out where nothing replicates"));
            requireKind(point, source);
            return point;
        }
        List<Point> fitting = all.stream()
                .filter(point -> !point.domain().endsWith("-repair"))
                .filter(point -> point.position()
                        .map(position -> position.kind() == SourceClock.kind(source))
                        .orElse(true))
                .toList();
        if (fitting.size() != 1) {
            throw new RefusedException(
                    (fitting.isEmpty() ? "no" : "more than one") + " domain is applied to the target: " + names,
                    fitting.isEmpty()
                            ? "start replication first, or leave --live out where nothing replicates"
                            : "say with --domain whose consistent point counts");
        }
        return fitting.get(0);
    }

    private static void requireKind(Point point, Database source) {
        point.position().ifPresent(position -> {
            if (position.kind() != SourceClock.kind(source)) {
                throw new RefusedException(
                        "the consistent point of domain " + point.domain() + " is " + position.kind()
                                + ", but the source is " + source.product(),
                        "swap --source and --target, or name the domain of the other direction");
            }
        });
    }

    /** @throws RefusedException if the domain is gone */
    static Point read(Database target, String domain) throws SQLException {
        return read(target).stream()
                .filter(point -> point.domain().equals(domain))
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        "domain " + domain + " is no longer in the ledger of the target", "start replication again"));
    }
}
