package dev.godwit.apply.ledger;

import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.ledger.Directions.Layout;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.dialect.FailureClass;
import dev.godwit.database.ledger.LedgerSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Notes in the ledger in which mode a direction is applied from now on. Other domains than before can go on only from one
 * place that all of those before have reached: else what some have applied and others have not would be lost or written
 * twice. So that is refused unless all are at one consistent point with nothing beyond it; then the new domains begin there,
 * and whoever still applies the old ones is fenced.
 */
public final class ModeSwitch {
    private static final int ATTEMPTS_MAX = 10;

    private final String direction;
    private final ApplyMode mode;
    private final Map<String, Set<String>> topics;
    private final Layout wanted;

    /** @param topics the input topics of each ordering domain */
    public ModeSwitch(String direction, ApplyMode mode, Map<String, Set<String>> topics) {
        this.direction = direction;
        this.mode = mode;
        this.topics = new TreeMap<>(topics);
        this.wanted = new Layout(mode, List.copyOf(topics.keySet()));
    }

    /**
     * Durable on return. Does nothing if it is so already.
     *
     * @throws RefusedException if the domains before are not at one place; nothing has been written then
     */
    public void enter(Database replicationTarget) {
        for (int attempt = 1; ; attempt++) {
            try {
                enterOnce(replicationTarget);
                return;
            } catch (SQLException e) {
                if (attempt == ATTEMPTS_MAX || replicationTarget.dialect().classify(e) != FailureClass.RETRY_NOW) {
                    throw new RefusedException(
                            "cannot note the mode of " + direction + " in the ledger of the " + replicationTarget + ": "
                                    + e.getMessage(),
                            "check that the user may write the schema _godwit",
                            e);
                }
            }
        }
    }

    private void enterOnce(Database replicationTarget) throws SQLException {
        try (Connection connection = replicationTarget.open()) {
            Optional<Layout> before = Directions.read(connection, direction);
            if (before.isPresent()) {
                plan(connection, before.get());
            }
            LedgerSchema.create(connection);
            connection.setAutoCommit(false);
            Ledger.endWhenFrozen(connection);
            try {
                write(connection, before.orElse(wanted));
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    /** Whoever is first makes the row that everybody then has to hold. */
    private void write(Connection connection, Layout first) throws SQLException {
        Directions.insertIfAbsent(connection, direction, first);
        Layout before = Directions.lock(connection, direction).orElseThrow();
        if (before.equals(wanted)) {
            return;
        }
        for (String domain : before.domains()) {
            lockOwner(connection, domain);
        }
        Plan plan = plan(connection, before);
        if (plan.begin != null) {
            for (String domain : plan.added) {
                seed(connection, domain, plan);
            }
        }
        for (String domain : plan.removed) {
            delete(connection, domain);
        }
        Directions.update(connection, direction, wanted);
    }

    /**
     * What the change consists of.
     *
     * @param begin the domain from whose place the added ones go on; null if there is none
     * @param epoch so that nobody who had an added domain once owns it again
     */
    private record Plan(
            List<String> added,
            List<String> removed,
            String begin,
            long epoch,
            Map<TopicPartition, Long> restartOffsets) {}

    private Plan plan(Connection connection, Layout before) throws SQLException {
        List<String> added = without(wanted.domains(), before.domains());
        List<String> removed = without(before.domains(), wanted.domains());
        Map<String, DomainState> states = new TreeMap<>();
        for (String domain : before.domains()) {
            new Ledger(domain).state(connection).ifPresent(state -> states.put(domain, state));
        }
        boolean begun = states.values().stream()
                .anyMatch(state -> state.consistentPoint() != null
                        || !state.restartOffsets().isEmpty());
        boolean partitions = before.mode() == ApplyMode.IMMEDIATE || mode == ApplyMode.IMMEDIATE;
        if (begun && partitions && !before.equals(wanted)) {
            throw refused(
                    before,
                    "the two need topics with other numbers of partitions",
                    "keep the mode and the number of partitions until this direction is over, or start the phase over: godwit"
                            + " phase run --start-over");
        }
        if (begun && !removed.isEmpty()) {
            requireOnePlace(connection, before, states);
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        states.values().forEach(state -> state.restartOffsets()
                .forEach((partition, offset) -> offsets.merge(partition, offset, Math::min)));
        String begin = states.entrySet().stream()
                .min(Map.Entry.comparingByValue(Comparator.comparing(
                        DomainState::consistentPoint, Comparator.nullsFirst(Comparator.naturalOrder()))))
                .map(Map.Entry::getKey)
                .orElse(null);
        long epoch =
                states.values().stream().mapToLong(DomainState::epoch).max().orElse(0);
        return new Plan(added, removed, begin, epoch, offsets);
    }

    private void requireOnePlace(Connection connection, Layout before, Map<String, DomainState> states)
            throws SQLException {
        List<String> places = new ArrayList<>();
        Set<Position> points = new HashSet<>();
        for (String domain : before.domains()) {
            DomainState state = states.get(domain);
            Position point = state == null ? null : state.consistentPoint();
            points.add(point);
            boolean beyond = state != null
                    && !(state.applied().isEmpty() && state.begun().isEmpty());
            if (beyond) {
                points.add(null);
            }
            places.add(domain + " at " + (point == null ? "no place yet" : point)
                    + (beyond ? ", with transactions beyond it" : ""));
        }
        String remedy = "go on in mode " + before.mode().label()
                + " until everything is applied and at rest: stop the traffic, run godwit apply drain, pause the connector, stop"
                + " the applier; then start it in mode " + mode.label();
        if (points.size() != 1 || points.contains(null)) {
            throw refused(before, "its domains are not at one place: " + String.join("; ", places), remedy);
        }
        for (String domain : before.domains()) {
            if (!wanted.domains().contains(domain) && hasOpenLetters(connection, domain)) {
                throw refused(
                        before,
                        "changes of domain " + domain + " stand aside as dead letters",
                        "replay them first: godwit apply dead-letters replay --execute");
            }
        }
    }

    private RefusedException refused(Layout before, String why, String remedy) {
        return new RefusedException(
                direction + " is applied in mode " + before.mode().label() + " by "
                        + before.domains().size() + " domain(s), and cannot go on in mode " + mode.label() + " by "
                        + wanted.domains().size() + " (" + String.join(", ", wanted.domains()) + "): " + why,
                remedy);
    }

    private static List<String> without(List<String> some, List<String> others) {
        return some.stream().filter(domain -> !others.contains(domain)).toList();
    }

    /** Waits for every target transaction of the owner that is under way, and lets no other begin. */
    private static void lockOwner(Connection connection, String domain) throws SQLException {
        String table = Ledger.isMysql(connection) ? "_godwit.domain_epoch" : "_godwit.domain";
        execute(connection, "SELECT 1 FROM " + table + " WHERE domain = ? FOR UPDATE", domain);
    }

    private void seed(Connection connection, String domain, Plan plan) throws SQLException {
        Map<TopicPartition, Long> offsets = new HashMap<>(plan.restartOffsets);
        offsets.keySet().removeIf(partition -> !topics.get(domain).contains(partition.topic()));
        boolean mysql = Ledger.isMysql(connection);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO _godwit.domain (domain, "
                + (mysql ? "" : "epoch, ") + "consistent_point, committed_at, watermark, restart_offsets, changed_at)"
                + " SELECT ?, " + (mysql ? "" : plan.epoch + ", ")
                + "consistent_point, committed_at, watermark, ?, changed_at FROM _godwit.domain WHERE domain = ?")) {
            insert.setString(1, domain);
            insert.setString(2, Ledger.text(offsets));
            insert.setString(3, plan.begin);
            insert.executeUpdate();
        }
        if (mysql) {
            execute(
                    connection,
                    "INSERT INTO _godwit.domain_epoch (domain, epoch) VALUES (?, " + plan.epoch + ")",
                    domain);
        }
    }

    private static void delete(Connection connection, String domain) throws SQLException {
        execute(connection, "DELETE FROM _godwit.domain WHERE domain = ?", domain);
        if (Ledger.isMysql(connection)) {
            execute(connection, "DELETE FROM _godwit.domain_epoch WHERE domain = ?", domain);
        }
    }

    private static boolean hasOpenLetters(Connection connection, String domain) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT 1 FROM _godwit.dead_letter WHERE domain = ? AND replayed_at IS NULL")) {
            select.setString(1, domain);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void execute(Connection connection, String sql, String domain) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, domain);
            statement.execute();
        }
    }
}
