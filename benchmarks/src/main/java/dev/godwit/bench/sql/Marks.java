package dev.godwit.bench.sql;

import dev.godwit.bench.workload.BenchTable;
import dev.godwit.bench.workload.History;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Looks in a target at the marked rows, which the first and the last transaction of a history write. */
public final class Marks implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement select;
    private final OptionalLong records;

    /**
     * @param connection is closed with this
     * @param records where each partition is applied by itself, the last change of a table tells nothing of the others: then
     *     the ledger has to cover so many
     */
    public Marks(Connection connection, List<BenchTable> tables, OptionalLong records) throws SQLException {
        this.connection = connection;
        this.records = records;
        this.select = connection.prepareStatement(
                tables.stream().map(Marks::query).collect(Collectors.joining(" UNION ALL ")));
    }

    /** How far the history has come in this target. */
    public enum Progress {
        BEFORE,
        BEGUN,
        ENDED
    }

    private static String query(BenchTable table) {
        return table.columns().subList(0, table.keyColumns()).stream()
                .map(column -> column.name() + " = " + History.MARK_KEY)
                .collect(Collectors.joining(
                        " AND ",
                        "SELECT " + table.columns().get(table.markColumn()).name() + " FROM " + table.qualifiedName()
                                + " WHERE ",
                        ""));
    }

    /**
     * ENDED only when the last change of every table is visible, and everything before it. Lanes may finish a later
     * transaction first: its row in the ledger goes when the consistent point has passed it.
     */
    public Progress progress() throws SQLException {
        int begun = 0;
        int ended = 0;
        int tables = 0;
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                tables++;
                if (History.ENDED.equals(row.getString(1))) {
                    ended++;
                } else if (History.BEGUN.equals(row.getString(1))) {
                    begun++;
                }
            }
        }
        if (ended == tables && (records.isPresent() ? covered() >= records.getAsLong() : !isAppliedAhead())) {
            return Progress.ENDED;
        }
        return begun + ended > 0 ? Progress.BEGUN : Progress.BEFORE;
    }

    /** Only Godwit's targets have a ledger. */
    private boolean isAppliedAhead() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet ledger = statement.executeQuery("SELECT to_regclass('_godwit.applied') IS NOT NULL")) {
                ledger.next();
                if (!ledger.getBoolean(1)) {
                    return false;
                }
            }
            try (ResultSet ahead = statement.executeQuery("SELECT EXISTS (SELECT 1 FROM _godwit.applied)")) {
                ahead.next();
                return ahead.getBoolean(1);
            }
        }
    }

    private long covered() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sum(partition.value::BIGINT) FROM _godwit.domain,"
                        + " json_each_text(restart_offsets::JSON) AS partition")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
