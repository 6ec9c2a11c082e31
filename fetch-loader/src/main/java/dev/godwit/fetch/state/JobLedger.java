package dev.godwit.fetch.state;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.importinto.ImportLedger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Remembers import jobs in {@code _godwit.fetch_file}. */
public final class JobLedger implements ImportLedger {
    private final Database target;
    private final String fetchId;

    public JobLedger(Database target, String fetchId) {
        this.target = target;
        this.fetchId = fetchId;
    }

    @Override
    public OptionalLong openJob(List<String> files) throws SQLException {
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT min(job), max(job), count(job) FROM _godwit.fetch_file WHERE fetch_id = ? AND state ="
                                + " 'exported' AND file = ANY (?)")) {
            statement.setString(1, fetchId);
            statement.setArray(2, connection.createArrayOf("text", files.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long job = row.getLong(1);
                if (row.getLong(3) == 0) {
                    return OptionalLong.empty();
                }
                if (row.getLong(3) != files.size() || row.getLong(2) != job) {
                    throw new SQLException(
                            "files that are to be imported together belong to different jobs, of which one is " + job);
                }
                return OptionalLong.of(job);
            }
        }
    }

    @Override
    public void begun(Connection connection, long job, List<String> files) throws SQLException {
        requireAll(
                update(connection, "job = ?", "job IS NULL AND state = 'exported'", files, job),
                files,
                "another job was begun for");
    }

    @Override
    public void imported(Connection connection, long job, List<String> files) throws SQLException {
        requireAll(
                update(connection, "state = 'imported'", "job = ?", files, job),
                files,
                "the ledger knows another job for");
    }

    @Override
    public void takenBack(Connection connection, long job, List<String> files) throws SQLException {
        // Said twice, it has no effect the second time.
        update(connection, "job = NULL", "job = ? AND state = 'exported'", files, job);
    }

    /** Jobs that were begun for these tables of the source, by any load, and of whose end nothing is known; with one of their tables each. */
    public static Map<Long, TableName> open(Database target, Collection<TableName> tables) throws SQLException {
        Map<Long, TableName> jobs = new TreeMap<>();
        try (Connection connection = target.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT DISTINCT job, table_schema, table_name FROM _godwit.fetch_file WHERE job IS NOT NULL AND"
                                + " state = 'exported'");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                TableName table = new TableName(row.getString(2), row.getString(3));
                if (tables.contains(table)) {
                    jobs.put(row.getLong(1), table);
                }
            }
        }
        return jobs;
    }

    private int update(Connection connection, String set, String where, List<String> files, long job)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE _godwit.fetch_file SET " + set + " WHERE " + where + " AND fetch_id = ? AND file = ANY (?)")) {
            statement.setLong(1, job);
            statement.setString(2, fetchId);
            statement.setArray(3, connection.createArrayOf("text", files.toArray()));
            return statement.executeUpdate();
        }
    }

    private static void requireAll(int changed, List<String> files, String otherwise) throws SQLException {
        if (changed != files.size()) {
            throw new SQLException(otherwise + " some of the files " + files.get(0) + " and on");
        }
    }
}
