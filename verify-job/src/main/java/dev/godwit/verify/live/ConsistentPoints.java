package dev.godwit.verify.live;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
            if (!hasTable(connection, "domain")) {
                return List.of();
            }
            List<Point> points = new ArrayList<>();
            try (ResultSet row = statement.executeQuery(
                    "SELECT domain, consistent_point, committed_at FROM _godwit.domain ORDER BY domain")) {
                while (row.next()) {
                    points.add(new Point(
                            row.getString(1),
                            Optional.ofNullable(row.getString(2)).map(LogPosition::parse),
                            Optional.ofNullable(committedAt(row, target))));
                }
            }
            return points;
        }
    }

    /** MySQL has the time without a zone, in UTC. */
    private static Instant committedAt(ResultSet row, Database target) throws SQLException {
        if (target.product() == Product.MYSQL) {
            LocalDateTime time = row.getObject(3, LocalDateTime.class);
            return time == null ? null : time.toInstant(ZoneOffset.UTC);
        }
        OffsetDateTime time = row.getObject(3, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** Whether the ledger has this table. */
    static boolean hasTable(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT 1 FROM information_schema.tables"
                        + " WHERE table_schema = '_godwit' AND table_name = '" + name + "'")) {
            return row.next();
        }
    }

    /**
     * What replicates from the source to the target.
     *
     * @param wanted a direction, or one ordering domain; empty if there is only one direction
     * @throws RefusedException if there is none or more than one to choose from, or it is of the other direction
     */
    public static LiveDomains choose(Optional<String> wanted, Database source, Database target) throws SQLException {
        List<Point> all = read(target).stream()
                .filter(point ->
                        !point.domain().endsWith("-repair") && !point.domain().endsWith(".dead-letters"))
                .toList();
        String names = all.isEmpty()
                ? "its ledger has none"
                : "its ledger has " + all.stream().map(Point::domain).collect(Collectors.joining(", "));
        if (wanted.isPresent()) {
            List<Point> meant = all.stream()
                    .filter(point -> point.domain().equals(wanted.get())
                            || LedgerDirections.direction(point.domain()).equals(wanted.get()))
                    .toList();
            if (meant.isEmpty()) {
                throw new RefusedException(
                        "no domain " + wanted.get() + " is applied to the target: " + names,
                        "give --domain as <migration>-<phase>-forward, or leave --live out where nothing replicates");
            }
            meant.forEach(point -> requireKind(point, source));
            return domains(target, wanted.get());
        }
        List<String> fitting = all.stream()
                .filter(point -> point.position()
                        .map(position -> position.kind() == SourceClock.kind(source))
                        .orElse(true))
                .map(point -> LedgerDirections.direction(point.domain()))
                .distinct()
                .toList();
        if (fitting.size() != 1) {
            throw new RefusedException(
                    (fitting.isEmpty() ? "no" : "more than one") + " domain is applied to the target: " + names,
                    fitting.isEmpty()
                            ? "start replication first, or leave --live out where nothing replicates"
                            : "say with --domain whose consistent point counts");
        }
        return domains(target, fitting.get(0));
    }

    private static LiveDomains domains(Database target, String name) throws SQLException {
        if (!LedgerDirections.direction(name).equals(name)) {
            return LiveDomains.single(name);
        }
        try (Connection connection = target.open()) {
            return LedgerDirections.read(connection, name);
        }
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

    /**
     * The point of the domain that is least far.
     *
     * @throws RefusedException if one of them is not in the ledger
     */
    static Point lowest(Database target, Collection<String> domains) throws SQLException {
        Map<String, Point> points = read(target).stream().collect(Collectors.toMap(Point::domain, Function.identity()));
        Point lowest = null;
        for (String domain : domains) {
            Point point = points.get(domain);
            if (point == null) {
                throw new RefusedException(
                        "domain " + domain + " is not in the ledger of the target, or not any more",
                        "start replication first");
            }
            lowest = lowest == null || isLower(point, lowest) ? point : lowest;
        }
        return lowest;
    }

    private static boolean isLower(Point one, Point other) {
        if (one.position().isEmpty() || other.position().isEmpty()) {
            return one.position().isEmpty();
        }
        return one.position().get().compareTo(other.position().get()) < 0;
    }
}
