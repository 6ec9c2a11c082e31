package dev.godwit.apply.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.apply.ApplyMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * {@code _godwit.direction}: in which mode a direction is applied, and which ordering domains that makes. Nobody takes over a
 * domain that does not stand here. Works in the transaction of the connection it is given, and commits nothing.
 */
public final class Directions {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Directions() {}

    /**
     * What a direction is applied as.
     *
     * @param domains sorted by name
     */
    public record Layout(ApplyMode mode, List<String> domains) {
        public Layout {
            domains = domains.stream().sorted().toList();
        }
    }

    /**
     * Empty if no applier has begun. A ledger that an earlier version has made knows only the one domain of a direction.
     * The connection must be in auto-commit mode.
     */
    public static Optional<Layout> read(Connection connection, String direction) throws SQLException {
        try {
            Optional<Layout> found = select(connection, direction, "");
            if (found.isPresent()) {
                return found;
            }
        } catch (SQLException e) {
            if (!Ledger.isNotThereYet(e)) {
                throw e;
            }
        }
        return new Ledger(direction)
                .state(connection)
                .map(state -> new Layout(ApplyMode.CONSISTENT, List.of(direction)));
    }

    /** The domains of a direction; its own name where nothing is known yet. */
    public static List<String> domains(Connection connection, String direction) throws SQLException {
        return read(connection, direction).map(Layout::domains).orElse(List.of(direction));
    }

    /** The same, held until the transaction ends: nobody takes a domain of it over meanwhile. */
    static Optional<Layout> lock(Connection connection, String direction) throws SQLException {
        return select(connection, direction, " FOR UPDATE");
    }

    /** @throws FencedException if the direction is applied by other domains */
    static void requireDomain(Connection connection, String domain) throws SQLException {
        Optional<Layout> layout = select(connection, DomainNames.direction(domain), " FOR SHARE");
        if (layout.isPresent() && !layout.get().domains().contains(DomainNames.withoutReplay(domain))) {
            throw new FencedException(
                    "domain " + domain + " is not applied any more: another applier has begun in mode "
                            + layout.get().mode().label() + " meanwhile; this one stops");
        }
    }

    private static Optional<Layout> select(Connection connection, String direction, String locking)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT mode, domains FROM _godwit.direction WHERE direction = ?" + locking)) {
            select.setString(1, direction);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Layout(ApplyMode.valueOf(row.getString(1)), domains(row.getString(2))))
                        : Optional.empty();
            }
        }
    }

    /** Leaves the row alone if there is one; waits for whoever is making it. */
    static void insertIfAbsent(Connection connection, String direction, Layout layout) throws SQLException {
        boolean mysql = Ledger.isMysql(connection);
        write(
                connection,
                "INSERT " + (mysql ? "IGNORE " : "")
                        + "INTO _godwit.direction (mode, domains, direction, changed_at) VALUES (?, ?, ?, now())"
                        + (mysql ? "" : " ON CONFLICT (direction) DO NOTHING"),
                direction,
                layout);
    }

    static void update(Connection connection, String direction, Layout layout) throws SQLException {
        write(
                connection,
                "UPDATE _godwit.direction SET mode = ?, domains = ?, changed_at = now() WHERE direction = ?",
                direction,
                layout);
    }

    private static void write(Connection connection, String sql, String direction, Layout layout) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, layout.mode().name());
            statement.setString(2, text(layout.domains()));
            statement.setString(3, direction);
            statement.executeUpdate();
        }
    }

    private static String text(List<String> domains) {
        try {
            return JSON.writeValueAsString(domains);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> domains(String text) {
        try {
            return JSON.readValue(text, new TypeReference<List<String>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("domains in _godwit.direction is damaged: " + text, e);
        }
    }
}
