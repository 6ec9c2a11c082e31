package dev.godwit.apply.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.PositionList;
import dev.godwit.apply.ledger.DomainState.AppliedBatch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * The ledger of one domain on the replication target: the only truth about what is applied. Every method works in
 * the transaction of the connection it is given, and commits nothing. Thread-safe, as it has no state but the name.
 */
public final class Ledger {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A writer that is frozen in the middle of a transaction holds the epoch, and with it every new owner. The server
     * ends such a transaction.
     */
    private static final String IDLE_MAX = "SET LOCAL idle_in_transaction_session_timeout = 20000; ";

    /** Table or schema does not exist; the last is MySQL's. */
    private static final Set<String> NOT_THERE_YET = Set.of("42P01", "3F000", "42S02");
    /** MySQL's error number; its SQLSTATE stands for many things. */
    private static final int UNKNOWN_DATABASE = 1049;

    private final String domain;

    private final Pieces pieces;

    public Ledger(String domain) {
        this.domain = domain;
        this.pieces = new Pieces(domain);
    }

    /** The part of the ledger that knows of transactions written by several target transactions. */
    public Pieces pieces() {
        return pieces;
    }

    /**
     * Raises the epoch, which fences whoever had the domain before, and reads what is applied.
     *
     * @throws FencedException if the direction is applied in another mode meanwhile
     */
    public DomainState takeOver(Connection connection) throws SQLException {
        endWhenFrozen(connection);
        Directions.requireDomain(connection, domain);
        if (MysqlLedger.isMysql(connection)) {
            MysqlLedger.Taken taken = MysqlLedger.takeOver(connection, domain);
            return new DomainState(
                    taken.epoch(),
                    taken.consistentPoint() == null ? null : Position.parse(taken.consistentPoint()),
                    applied(connection),
                    pieces.begun(connection),
                    offsets(taken.restartOffsets()));
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO _godwit.domain (domain, epoch, restart_offsets, changed_at) VALUES (?, 0, '{}', now())"
                        + " ON CONFLICT (domain) DO NOTHING")) {
            insert.setString(1, domain);
            insert.executeUpdate();
        }
        try (PreparedStatement raise = connection.prepareStatement(
                "UPDATE _godwit.domain SET epoch = epoch + 1, changed_at = now() WHERE domain = ?"
                        + " RETURNING epoch, consistent_point, restart_offsets")) {
            raise.setString(1, domain);
            try (ResultSet row = raise.executeQuery()) {
                row.next();
                return state(connection, row);
            }
        }
    }

    /**
     * Lets the server end this transaction if its process is frozen in the middle of it: else it would keep its locks, and keep
     * every other owner out.
     */
    public static void endWhenFrozen(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(MysqlLedger.isMysql(connection) ? MysqlLedger.IDLE_MAX : IDLE_MAX);
        }
    }

    /** What is applied, without becoming the owner; empty if no applier has begun. */
    public Optional<DomainState> state(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT epoch, consistent_point, restart_offsets FROM " + domains(connection) + " WHERE domain = ?")) {
            select.setString(1, domain);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(state(connection, row)) : Optional.empty();
            }
        } catch (SQLException e) {
            if (isNotThereYet(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** @param row epoch, consistent point, restart offsets */
    private DomainState state(Connection connection, ResultSet row) throws SQLException {
        String point = row.getString(2);
        return new DomainState(
                row.getLong(1),
                point == null ? null : Position.parse(point),
                applied(connection),
                pieces.begun(connection),
                offsets(row.getString(3)));
    }

    /**
     * From where a new owner would have to read, without becoming one; empty if nothing is known yet. The connection
     * must be in auto-commit mode.
     */
    public Map<TopicPartition, Long> restartOffsets(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT restart_offsets FROM _godwit.domain WHERE domain = ?")) {
            select.setString(1, domain);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? offsets(row.getString(1)) : Map.of();
            }
        } catch (SQLException e) {
            if (isNotThereYet(e)) {
                return Map.of();
            }
            throw e;
        }
    }

    /** To stand behind FROM: every domain with its epoch, which has a table of its own on MySQL. */
    public static String domains(Connection connection) throws SQLException {
        return MysqlLedger.isMysql(connection) ? MysqlLedger.DOMAINS_WITH_EPOCH : "_godwit.domain";
    }

    /** Whether the ledger stands on MySQL, which takes other statements. */
    public static boolean isMysql(Connection connection) throws SQLException {
        return MysqlLedger.isMysql(connection);
    }

    /** Whether a statement failed because no applier has made the ledger's tables yet. */
    public static boolean isNotThereYet(SQLException failure) {
        return NOT_THERE_YET.contains(String.valueOf(failure.getSQLState()))
                || failure.getErrorCode() == UNKNOWN_DATABASE;
    }

    private List<AppliedBatch> applied(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT positions FROM _godwit.applied WHERE domain = ?"
                        + " AND last_position NOT LIKE '%" + Pieces.MARK + "%' AND last_position <> '"
                        + PartitionLedger.ROW + "'")) {
            select.setString(1, domain);
            try (ResultSet row = select.executeQuery()) {
                List<AppliedBatch> batches = new ArrayList<>();
                while (row.next()) {
                    batches.add(new AppliedBatch(PositionList.parse(row.getString(1))));
                }
                return batches;
            }
        }
    }

    /**
     * Makes sure that this owner still is the owner until the transaction ends.
     *
     * @throws FencedException if a new owner has raised the epoch
     */
    public void requireEpoch(Connection connection, long epoch) throws SQLException {
        if (MysqlLedger.isMysql(connection)) {
            if (!MysqlLedger.holdsEpoch(connection, domain, epoch)) {
                throw new FencedException(domain, epoch);
            }
            return;
        }
        try (PreparedStatement select = connection.prepareStatement(
                IDLE_MAX + "SELECT epoch FROM _godwit.domain WHERE domain = ? AND epoch = ? FOR KEY SHARE")) {
            select.setString(1, domain);
            select.setLong(2, epoch);
            select.execute();
            select.getMoreResults();
            try (ResultSet row = select.getResultSet()) {
                if (!row.next()) {
                    throw new FencedException(domain, epoch);
                }
            }
        }
    }

    /**
     * Notes that the transactions which end at these positions are written by this target transaction.
     *
     * @param positions in commit order
     */
    public void record(Connection connection, List<Position> positions, long rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO _godwit.applied (domain, last_position, positions, transactions, rows_written)"
                        + " VALUES (?, ?, ?, ?, ?)")) {
            insert.setString(1, domain);
            insert.setString(2, positions.get(positions.size() - 1).toString());
            insert.setString(3, PositionList.format(positions));
            insert.setLong(4, positions.size());
            insert.setLong(5, rows);
            insert.executeUpdate();
        }
    }

    /**
     * Whether the target transaction that ended with this position is in: the answer to a commit whose outcome
     * nobody heard.
     */
    public boolean isRecorded(Connection connection, Position last) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 1 FROM _godwit.applied WHERE domain = ? AND last_position = ?")) {
            select.setString(1, domain);
            select.setString(2, last.toString());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** @throws FencedException if a new owner has raised the epoch */
    public void advance(Connection connection, long epoch, Progress progress) throws SQLException {
        if (MysqlLedger.isMysql(connection)) {
            requireEpoch(connection, epoch);
            MysqlLedger.advance(connection, domain, progress, text(progress.restartOffsets()));
            MysqlLedger.deleteCovered(connection, domain, progress.covered());
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(IDLE_MAX
                + "UPDATE _godwit.domain SET consistent_point = ?, committed_at = ?, watermark = coalesce(?, watermark),"
                + " restart_offsets = ?, changed_at = now() WHERE domain = ? AND epoch = ?")) {
            update.setString(1, progress.consistentPoint().toString());
            update.setObject(2, OffsetDateTime.ofInstant(progress.committedAt(), ZoneOffset.UTC));
            update.setString(3, progress.marker());
            update.setString(4, text(progress.restartOffsets()));
            update.setString(5, domain);
            update.setLong(6, epoch);
            update.execute();
            update.getMoreResults();
            if (update.getUpdateCount() != 1) {
                throw new FencedException(domain, epoch);
            }
        }
        if (!progress.covered().isEmpty()) {
            try (PreparedStatement delete = connection.prepareStatement(
                    "DELETE FROM _godwit.applied WHERE domain = ? AND last_position = ANY (?)")) {
                delete.setString(1, domain);
                delete.setArray(
                        2,
                        connection.createArrayOf(
                                "text",
                                progress.covered().stream()
                                        .map(Position::toString)
                                        .toArray()));
                delete.executeUpdate();
            }
        }
    }

    static String text(Map<TopicPartition, Long> offsets) {
        Map<String, Long> byName = new TreeMap<>();
        offsets.forEach((partition, offset) -> byName.put(partition.topic() + ":" + partition.partition(), offset));
        try {
            return JSON.writeValueAsString(byName);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<TopicPartition, Long> offsets(String text) {
        try {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            JSON.readValue(text, new TypeReference<Map<String, Long>>() {}).forEach((name, offset) -> {
                int colon = name.lastIndexOf(':');
                offsets.put(
                        new TopicPartition(name.substring(0, colon), Integer.parseInt(name.substring(colon + 1))),
                        offset);
            });
            return offsets;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("restart_offsets in the ledger is damaged: " + text, e);
        }
    }
}
