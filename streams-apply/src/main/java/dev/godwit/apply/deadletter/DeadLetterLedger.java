package dev.godwit.apply.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.deadletter.DeadLetter.Cause;
import dev.godwit.apply.deadletter.DeadLetter.Reason;
import dev.godwit.apply.ledger.Ledger;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * {@code _godwit.dead_letter} of one domain: what stands aside, and what of it has been replayed. Works in the transaction
 * of the connection it is given and commits nothing.
 */
final class DeadLetterLedger {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COLUMNS = "transaction_position, number, table_schema, table_name, row_key, reason,"
            + " sqlstate, message, depends_on, topic, partition_number, record_offset, committed_at, parked_at, replayed_at";

    private final String domain;

    DeadLetterLedger(String domain) {
        this.domain = domain;
    }

    /** The domain under which letters of this one are replayed: a transaction that it has applied is replayed. */
    static String replayDomain(String domain) {
        return domain + ".dead-letters";
    }

    /** Notes letters, those that an earlier attempt has noted already too. */
    void note(Connection connection, List<DeadLetter> letters) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO _godwit.dead_letter (domain, " + columns(connection)
                        + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"
                        + (Ledger.isMysql(connection)
                                ? " ON DUPLICATE KEY UPDATE reason = reason"
                                : " ON CONFLICT (domain, transaction_position, number) DO NOTHING"))) {
            for (DeadLetter letter : letters) {
                insert.setString(1, domain);
                insert.setString(2, letter.position().toString());
                insert.setInt(3, letter.number());
                insert.setString(4, letter.table().schema());
                insert.setString(5, letter.table().name());
                insert.setString(6, letter.key().map(DeadLetterLedger::text).orElse(null));
                insert.setString(7, letter.cause().reason().name());
                insert.setString(8, letter.cause().sqlState().orElse(null));
                insert.setString(9, letter.cause().message());
                insert.setString(
                        10, letter.cause().dependsOn().map(Position::toString).orElse(null));
                insert.setString(11, letter.origin().partition().topic());
                insert.setInt(12, letter.origin().partition().partition());
                insert.setLong(13, letter.origin().offset());
                insert.setObject(14, OffsetDateTime.ofInstant(letter.committedAt(), ZoneOffset.UTC));
                insert.setObject(15, OffsetDateTime.ofInstant(letter.parkedAt(), ZoneOffset.UTC));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Takes letters back whose transaction was not recorded as applied: it will come again. */
    void remove(Connection connection, Position position) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM _godwit.dead_letter WHERE domain = ? AND transaction_position = ?")) {
            delete.setString(1, domain);
            delete.setString(2, position.toString());
            delete.executeUpdate();
        }
    }

    /** All letters, in the order of their transactions. Replayed ones are those whose replay is recorded. */
    List<DeadLetter> all(Connection connection) throws SQLException {
        return read(connection, "");
    }

    /** Those that were not replayed, in the order of their transactions. */
    List<DeadLetter> open(Connection connection) throws SQLException {
        return read(
                connection,
                " AND replayed_at IS NULL AND NOT EXISTS (SELECT 1 FROM _godwit.applied AS a WHERE a.domain = ?"
                        + " AND a.last_position = l.transaction_position)");
    }

    private List<DeadLetter> read(Connection connection, String condition) throws SQLException {
        List<DeadLetter> letters = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + columns(connection) + " FROM _godwit.dead_letter AS l WHERE domain = ?" + condition)) {
            select.setString(1, domain);
            if (!condition.isEmpty()) {
                select.setString(2, replayDomain(domain));
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    letters.add(letter(row));
                }
            }
        } catch (SQLException e) {
            if (!Ledger.isNotThereYet(e)) {
                throw e;
            }
        }
        letters.sort(Comparator.comparing(DeadLetter::position).thenComparing(DeadLetter::number));
        return letters;
    }

    /** The word sqlstate is reserved in MySQL. */
    private static String columns(Connection connection) throws SQLException {
        return Ledger.isMysql(connection) ? COLUMNS.replace(" sqlstate", " `sqlstate`") : COLUMNS;
    }

    private static DeadLetter letter(ResultSet row) throws SQLException {
        return new DeadLetter(
                Position.parse(row.getString(1)),
                row.getInt(2),
                new TableName(row.getString(3), row.getString(4)),
                Optional.ofNullable(row.getString(5)).map(DeadLetterLedger::key),
                new Cause(
                        Reason.valueOf(row.getString(6)),
                        Optional.ofNullable(row.getString(7)),
                        row.getString(8),
                        Optional.ofNullable(row.getString(9)).map(Position::parse)),
                new Origin(new TopicPartition(row.getString(10), row.getInt(11)), row.getLong(12)),
                instant(row, 13),
                instant(row, 14),
                Optional.ofNullable(instant(row, 15)));
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /**
     * Turns what the replay's own domain has recorded into {@code replayed_at}: the second half of a replay, also of one
     * that broke off between the two.
     */
    void finishReplays(Connection connection) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE _godwit.dead_letter AS l SET replayed_at = now() WHERE domain = ? AND replayed_at IS NULL AND EXISTS"
                        + " (SELECT 1 FROM _godwit.applied AS a WHERE a.domain = ? AND a.last_position = l.transaction_position)")) {
            update.setString(1, domain);
            update.setString(2, replayDomain(domain));
            update.executeUpdate();
        }
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM _godwit.applied WHERE domain = ?")) {
            delete.setString(1, replayDomain(domain));
            delete.executeUpdate();
        }
    }

    private static String text(Key key) {
        try {
            return JSON.writeValueAsString(key.values());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Key key(String text) {
        try {
            return new Key(
                    JSON.readValue(text, new TypeReference<List<String>>() {}).toArray(String[]::new));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("row_key in _godwit.dead_letter is damaged: " + text, e);
        }
    }
}
