package dev.godwit.apply.ledger;

import dev.godwit.apply.change.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Transactions that several target transactions write, one piece each. While that goes on, {@code _godwit.applied} has
 * one row for the transaction, whose {@code last_position} is {@code <position>#<place>}: everything up to that place
 * is in. Every piece writes such a row, so the opposite direction knows each for an echo. Commits nothing; thread-safe.
 */
public final class Pieces {
    static final String MARK = "#";

    private final String domain;

    Pieces(String domain) {
        this.domain = domain;
    }

    /** Position and place of every transaction that is begun but not finished. */
    Map<Position, Long> begun(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT last_position FROM _godwit.applied WHERE domain = ? AND last_position LIKE '%" + MARK + "%'")) {
            select.setString(1, domain);
            try (ResultSet row = select.executeQuery()) {
                Map<Position, Long> begun = new HashMap<>();
                while (row.next()) {
                    String[] parts = row.getString(1).split(MARK, -1);
                    begun.merge(Position.parse(parts[0]), Long.parseLong(parts[1]), Math::max);
                }
                return begun;
            }
        }
    }

    /** Up to which place the transaction is in; null if no piece of it is. */
    public Long place(Connection connection, Position position) throws SQLException {
        return begun(connection).get(position);
    }

    /** Everything up to the place is in with this target transaction. */
    public void record(Connection connection, Position position, long place, long rows) throws SQLException {
        finish(connection, position);
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO _godwit.applied (domain, last_position, positions, transactions, rows_written)"
                        + " VALUES (?, ?, ?, 0, ?)")) {
            insert.setString(1, domain);
            insert.setString(2, position + MARK + place);
            insert.setString(3, position.toString());
            insert.setLong(4, rows);
            insert.executeUpdate();
        }
    }

    /** The last piece is in with this target transaction. */
    public void finish(Connection connection, Position position) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM _godwit.applied WHERE domain = ? AND last_position LIKE ?")) {
            delete.setString(1, domain);
            delete.setString(2, position + MARK + "%");
            delete.executeUpdate();
        }
    }
}
