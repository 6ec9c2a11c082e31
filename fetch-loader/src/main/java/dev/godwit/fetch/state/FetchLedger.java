package dev.godwit.fetch.state;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.file.FilePart;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Reads and writes what the target remembers of one load. Methods that take a connection write within its open transaction, and neither commit nor roll back; the others are
 * durable when they return, and may be repeated. Thread-safe.
 */
public final class FetchLedger {
    private static final String OF_TABLE = " WHERE fetch_id = ? AND table_schema = ? AND table_name = ?";

    private final Database target;
    private final String fetchId;

    public FetchLedger(Database target, String fetchId) {
        this.target = target;
        this.fetchId = fetchId;
    }

    public String fetchId() {
        return fetchId;
    }

    /** Everything that is known before the first row moves, by one transaction. */
    public void begin(LoadState state, Map<TableName, List<String>> shardConditions) throws SQLException {
        try (Connection connection = target.open()) {
            connection.setAutoCommit(false);
            insertLoad(connection, state);
            try (PreparedStatement statement = connection.prepareStatement(
                    "INSERT INTO _godwit.fetch_shard (fetch_id, table_schema, table_name, number, condition, state)"
                            + " VALUES (?, ?, ?, ?, ?, 'planned')")) {
                for (Map.Entry<TableName, List<String>> entry : shardConditions.entrySet()) {
                    insertTable(connection, entry.getKey());
                    int number = 0;
                    for (String condition : entry.getValue()) {
                        number++;
                        bind(statement, fetchId, entry.getKey(), number, condition);
                        statement.addBatch();
                    }
                    statement.executeBatch();
                }
            }
            connection.commit();
        }
    }

    /** A load of files that another target, or none, has heard of: everything is exported. */
    public void beginImport(LoadState state, Map<TableName, List<FilePart>> files) throws SQLException {
        try (Connection connection = target.open()) {
            connection.setAutoCommit(false);
            insertLoad(connection, state);
            for (Map.Entry<TableName, List<FilePart>> entry : files.entrySet()) {
                insertTable(connection, entry.getKey());
                insertFiles(connection, entry.getKey(), entry.getValue());
            }
            connection.commit();
        }
    }

    private void insertLoad(Connection connection, LoadState state) throws SQLException {
        execute(
                connection,
                "INSERT INTO _godwit.fetch (fetch_id, state, way, plan, cdc_cursor, snapshot, url_secret,"
                        + " target_prepared, started_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, now(), now())",
                fetchId,
                state.stage().text(),
                state.way(),
                state.plan(),
                state.cdcCursor(),
                state.snapshot().orElse(null),
                state.urlSecret(),
                state.targetPrepared());
    }

    private void insertTable(Connection connection, TableName table) throws SQLException {
        execute(
                connection,
                "INSERT INTO _godwit.fetch_table (fetch_id, table_schema, table_name, token, state, changed_at)"
                        + " VALUES (?, ?, ?, ?, 'open', now())",
                fetchId,
                table,
                UUID.randomUUID().toString());
    }

    private void insertFiles(Connection connection, TableName table, List<FilePart> parts) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO _godwit.fetch_file (fetch_id, file, table_schema, table_name, state, row_count, byte_count,"
                        + " sha256, largest_row) VALUES (?, ?, ?, ?, 'exported', ?, ?, ?, ?)")) {
            for (FilePart part : parts) {
                bind(
                        statement,
                        fetchId,
                        part.name(),
                        table,
                        part.rows(),
                        part.bytes(),
                        part.sha256(),
                        part.largestRowBytes());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** Empty if the target knows no such load. */
    public Optional<LoadState> load() throws SQLException {
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT state, way, plan, cdc_cursor, snapshot, url_secret, target_prepared FROM _godwit.fetch"
                                + " WHERE fetch_id = ?")) {
            statement.setString(1, fetchId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new LoadState(
                                fetchId,
                                LoadState.Stage.of(row.getString(1)),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                Optional.ofNullable(row.getString(5)),
                                row.getString(6),
                                row.getBoolean(7)))
                        : Optional.empty();
            }
        }
    }

    /** In the order of tables and numbers. */
    public List<ShardState> shards() throws SQLException {
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT table_schema, table_name, number, condition, state, row_count, byte_count"
                                + " FROM _godwit.fetch_shard WHERE fetch_id = ? ORDER BY table_schema, table_name, number")) {
            statement.setString(1, fetchId);
            List<ShardState> shards = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    shards.add(new ShardState(
                            new TableName(row.getString(1), row.getString(2)),
                            row.getInt(3),
                            row.getString(4),
                            row.getString(5).equals("done"),
                            row.getLong(6),
                            row.getLong(7)));
                }
            }
            return shards;
        }
    }

    /** In the order of their names. */
    public List<FileState> files() throws SQLException {
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT table_schema, table_name, file, row_count, byte_count, sha256, largest_row, state, job"
                                + " FROM _godwit.fetch_file WHERE fetch_id = ? ORDER BY table_schema, table_name, file")) {
            statement.setString(1, fetchId);
            List<FileState> files = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    long job = row.getLong(9);
                    boolean noJob = row.wasNull();
                    files.add(new FileState(
                            new TableName(row.getString(1), row.getString(2)),
                            new FilePart(
                                    row.getString(3), row.getLong(4), row.getLong(5), row.getString(6), row.getLong(7)),
                            row.getString(8).equals("imported"),
                            noJob ? OptionalLong.empty() : OptionalLong.of(job)));
                }
            }
            return files;
        }
    }

    /**
     * Takes the shard for this transaction. Waits while another transaction has it, for example one whose client was killed while it committed: so a shard whose rows are in is
     * never loaded again.
     *
     * @return whether its rows are still to be brought
     */
    public boolean claimShard(Connection connection, TableName table, int number) throws SQLException {
        return claim(
                connection,
                "SELECT state FROM _godwit.fetch_shard" + OF_TABLE + " AND number = ? FOR UPDATE",
                "planned",
                fetchId,
                table,
                number);
    }

    /** As {@link #claimShard}. */
    public boolean claimFile(Connection connection, String file) throws SQLException {
        return claim(
                connection,
                "SELECT state FROM _godwit.fetch_file WHERE fetch_id = ? AND file = ? FOR UPDATE",
                "exported",
                fetchId,
                file);
    }

    private static boolean claim(Connection connection, String sql, String open, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the target has forgotten the load: _godwit has no such row");
                }
                return row.getString(1).equals(open);
            }
        }
    }

    /** The rows of the shard are in, or in these whole files, if and when the transaction commits. */
    public void shardDone(
            Connection connection, TableName table, int number, long rows, long bytes, List<FilePart> parts)
            throws SQLException {
        int changed = execute(
                connection,
                "UPDATE _godwit.fetch_shard SET state = 'done', row_count = ?, byte_count = ?" + OF_TABLE
                        + " AND number = ? AND state = 'planned'",
                rows,
                bytes,
                fetchId,
                table,
                number);
        requireOne(changed, "shard " + number + " of " + table);
        insertFiles(connection, table, parts);
    }

    /** The rows of the file are in if and when the transaction commits. */
    public void fileImported(Connection connection, String file) throws SQLException {
        int changed = execute(
                connection,
                "UPDATE _godwit.fetch_file SET state = 'imported' WHERE fetch_id = ? AND file = ? AND state = 'exported'",
                fetchId,
                file);
        requireOne(changed, "file " + file);
    }

    static void requireOne(int changed, String what) throws SQLException {
        if (changed != 1) {
            throw new SQLException(what + " was brought by another process at the same time");
        }
    }

    /** @param name empty when nothing is left to be read from it */
    public void snapshotIs(Optional<String> name) throws SQLException {
        change(
                "UPDATE _godwit.fetch SET snapshot = ?, changed_at = now() WHERE fetch_id = ?",
                name.orElse(null),
                fetchId);
    }

    public void targetIsPrepared() throws SQLException {
        change("UPDATE _godwit.fetch SET target_prepared = true, changed_at = now() WHERE fetch_id = ?", fetchId);
    }

    public void stageIs(LoadState.Stage stage) throws SQLException {
        change("UPDATE _godwit.fetch SET state = ?, changed_at = now() WHERE fetch_id = ?", stage.text(), fetchId);
    }

    /** Every row of the table is on the target. */
    public void tableComplete(TableName table, long rows) throws SQLException {
        change(
                "UPDATE _godwit.fetch_table SET state = 'complete', row_count = ?, message = NULL, changed_at = now()"
                        + OF_TABLE,
                rows,
                fetchId,
                table);
    }

    public void tableBroken(TableName table, String message) throws SQLException {
        change(
                "UPDATE _godwit.fetch_table SET message = ?, changed_at = now()" + OF_TABLE + " AND state = 'open'",
                message,
                fetchId,
                table);
    }

    /** Nobody will continue this load. */
    public void forget() throws SQLException {
        try (Connection connection = target.open()) {
            connection.setAutoCommit(false);
            for (String table : List.of("fetch_file", "fetch_shard", "fetch_table", "fetch")) {
                execute(connection, "DELETE FROM _godwit." + table + " WHERE fetch_id = ?", fetchId);
            }
            connection.commit();
        }
    }

    /** The tables that are not complete. */
    public List<TableName> openTables() throws SQLException {
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT table_schema, table_name FROM _godwit.fetch_table WHERE fetch_id = ? AND state = 'open'"
                                + " ORDER BY table_schema, table_name")) {
            statement.setString(1, fetchId);
            List<TableName> tables = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    tables.add(new TableName(row.getString(1), row.getString(2)));
                }
            }
            return tables;
        }
    }

    private void change(String sql, Object... values) throws SQLException {
        try (Connection connection = target.open()) {
            execute(connection, sql, values);
        }
    }

    static int execute(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        }
    }

    /** A table's name fills two places. */
    static void bind(PreparedStatement statement, Object... values) throws SQLException {
        int place = 0;
        for (Object value : values) {
            if (value instanceof TableName table) {
                statement.setString(++place, table.schema());
                statement.setString(++place, table.name());
            } else if (value instanceof Integer number) {
                statement.setLong(++place, number);
            } else if (value == null) {
                statement.setNull(++place, java.sql.Types.VARCHAR);
            } else {
                statement.setObject(++place, value);
            }
        }
    }
}
