package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyConfig.Format;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.ledger.Ledger;
import dev.godwit.apply.ledger.NotedTable;
import dev.godwit.apply.ledger.NotedTable.NotedColumn;
import dev.godwit.apply.ledger.NotedTables;
import dev.godwit.apply.ledger.NotedTables.Note;
import dev.godwit.apply.write.Retries;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.FailureClass;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tables as the ledger has noted them when they were last applied, beside what the catalogs say now. Messages say no
 * types: those that were written before a change and wait in Kafka would be read by the wrong ones. While an applier runs,
 * {@link LiveTables} sees a change; this one sees what has changed while none ran, or in another process.
 */
final class FormerTables {
    private static final int ATTEMPTS_MAX = 10;
    /** What is read by more than its kind from MySQL's messages. */
    private static final Set<String> EXACT_IN_MYSQL = Set.of("DECIMAL", "BYTES", "BIT", "VARBIT");

    private FormerTables() {}

    /** Whether the value of one column in a message is read as that of the other would be. */
    static boolean readsAlike(Format format, NotedColumn before, NotedColumn now) {
        boolean exact = format == Format.DEBEZIUM_MYSQL && EXACT_IN_MYSQL.contains(now.kind());
        return before.kind().equals(now.kind()) && (!exact || before.type().equals(now.type()));
    }

    /**
     * Writes nothing.
     *
     * @param config of the direction
     * @throws RefusedException if a table has changed such that messages from before could not be read, unless the user has said that
     *     there are none
     */
    static void check(ApplyConfig config, Tables tables) {
        try (Connection connection = config.replicationTarget().open()) {
            Map<TableName, Note> notes = new NotedTables(config.direction()).read(connection);
            if (!notes.isEmpty()) {
                refuse(config, connection, TableChanges.of(config, tables, notes));
            }
        } catch (SQLException e) {
            throw unusable(config, e);
        }
    }

    /** The same, and notes the tables as they are now. Durable on return. */
    static void enter(ApplyConfig config, Tables tables) {
        for (int attempt = 1; ; attempt++) {
            try {
                note(config, tables, false, (connection, changes) -> refuse(config, connection, changes));
                return;
            } catch (SQLException e) {
                if (attempt == ATTEMPTS_MAX
                        || config.replicationTarget().dialect().classify(e) != FailureClass.RETRY_NOW) {
                    throw unusable(config, e);
                }
            }
        }
    }

    /**
     * What a new owner does before it writes anything: notes the tables as it knows them. Columns may be gone: it goes on
     * without them where {@link LiveTables} has seen that, and a message that has one stops it.
     *
     * @param domain that it owns
     * @throws ApplyException if it knows a table by other types than whoever was here before
     */
    static void take(ApplyConfig config, String domain, Tables tables, long epoch, Retries retries) {
        retries.repeat(
                "note the tables",
                config.replicationTarget().dialect(),
                () -> note(config, tables, true, (connection, changes) -> {
                    new Ledger(domain).requireEpoch(connection, epoch);
                    if (changes.isMisread()) {
                        throw new ApplyException(changes.text() + "; " + changes.remedy());
                    }
                }));
    }

    /** Decides by throwing. */
    private interface Judge {
        void judge(Connection connection, TableChanges changes) throws SQLException;
    }

    /** @param owned whether the domain of the configuration is that of the tables; a direction as a whole may have others */
    private static void note(ApplyConfig config, Tables tables, boolean owned, Judge judge) throws SQLException {
        NotedTables ledger = new NotedTables(config.direction());
        Map<TableName, NotedTable> now = new TreeMap<>();
        tables.captured().forEach((name, table) -> now.put(name, NotedTable.of(table.sourceTable())));
        try (Connection connection = config.replicationTarget().open()) {
            Map<TableName, Note> before = ledger.read(connection);
            if (now.keySet().stream()
                    .allMatch(name -> before.containsKey(name)
                            && next(before.get(name), now.get(name), config, owned)
                                    .equals(before.get(name)))) {
                return;
            }
            connection.setAutoCommit(false);
            Ledger.endWhenFrozen(connection);
            try {
                Map<TableName, Note> notes = ledger.lock(connection, now, config.domain());
                judge.judge(connection, TableChanges.of(config, tables, notes));
                for (Map.Entry<TableName, Note> note : notes.entrySet()) {
                    Note next = next(note.getValue(), now.get(note.getKey()), config, owned);
                    if (!next.equals(note.getValue())) {
                        ledger.update(connection, note.getKey(), next);
                    }
                }
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private static Note next(Note note, NotedTable now, ApplyConfig config, boolean owned) {
        return new Note(
                now,
                owned ? config.domain() : note.domain(),
                note.table().equals(now) ? note.version() : note.version() + 1);
    }

    private static void refuse(ApplyConfig config, Connection connection, TableChanges changes) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        Set<TableName> withLetters = new NotedTables(config.direction()).withLetters(connection);
        withLetters.retainAll(changes.tables());
        if (!withLetters.isEmpty()) {
            throw new RefusedException(
                    changes.text() + "; changes of " + withLetters + " stand aside as dead letters, too",
                    "give the columns back what they were, on both sides, and replay them (godwit apply dead-letters replay"
                            + " --execute) before the tables are changed");
        }
        if (!changes.word().equals(config.drainedChange())) {
            throw new RefusedException(
                    changes.text()
                            + (config.drainedChange().isEmpty()
                                    ? ""
                                    : "; --drained-change " + config.drainedChange() + " is not about this change"),
                    changes.remedy());
        }
    }

    private static RefusedException unusable(ApplyConfig config, SQLException e) {
        return new RefusedException(
                "cannot read or write the ledger of the " + config.replicationTarget() + ": " + e.getMessage(),
                "check that the user may write the schema _godwit",
                e);
    }
}
