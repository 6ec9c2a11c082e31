package dev.godwit.local.demo;

import dev.godwit.database.Database;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds what a side has lost of a region, from the application's point of view and independently of Godwit's own
 * verification.
 *
 * <p>Each check looks at one state of the database, so traffic may go on meanwhile. The result is a list of problems
 * in words, empty if there is none.
 */
public final class LostWriteCheck {
    private static final String AUDIT = " FROM migration_schema.audit_log WHERE region = ?";

    private final Connection connection;
    private final Region region;
    private final List<String> problems = new ArrayList<>();

    private LostWriteCheck(Connection connection, Region region) {
        this.connection = connection;
        this.region = region;
    }

    /**
     * Checks the side that owns the region: every transaction that was acknowledged to the application is there and
     * none that it did not send; and {@link #books}. Also right for a side to which everything has been drained while
     * the region is stopped.
     */
    public static List<String> owner(Database side, Region region, Traffic traffic) throws SQLException {
        Map<Integer, Long> acknowledged = new HashMap<>();
        traffic.sequences(region).forEach(sequence -> acknowledged.put(sequence.writer(), sequence.acknowledged()));
        return run(side, region, check -> {
            Map<Integer, long[]> found = check.writers();
            for (WriterSequence sequence : traffic.sequences(region)) {
                long last = found.getOrDefault(sequence.writer(), new long[] {0, 0})[1];
                // Read after the state of the database was fixed: what came in since then makes the limit higher, never
                // lower.
                check.compare(sequence.writer(), last, acknowledged.get(sequence.writer()), sequence.attempted());
            }
            check.books(found);
        });
    }

    /**
     * Checks whether the region's rows fit each other: no gap in any writer's numbers; as many rows, updates and
     * money as all transactions together have left; every order's total is the sum of its items. That holds on the
     * owner and, where transactions are applied whole and in order, at every moment on the other side too, however
     * far it lags behind.
     */
    public static List<String> books(Database side, Region region) throws SQLException {
        return run(side, region, check -> check.books(check.writers()));
    }

    private interface Part {
        void run(LostWriteCheck check) throws SQLException;
    }

    private static List<String> run(Database side, Region region, Part part) throws SQLException {
        try (Connection connection = side.open()) {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            LostWriteCheck check = new LostWriteCheck(connection, region);
            part.run(check);
            connection.commit();
            return check.problems.stream()
                    .map(problem -> region + " on the " + side.role() + ": " + problem)
                    .toList();
        }
    }

    /** Per writer how many transactions are there and the last one's number. */
    private Map<Integer, long[]> writers() throws SQLException {
        Map<Integer, long[]> writers = new HashMap<>();
        try (PreparedStatement statement =
                        prepare("SELECT writer, count(*), max(seq)" + AUDIT + " GROUP BY writer ORDER BY writer", 1);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                writers.put(row.getInt(1), new long[] {row.getLong(2), row.getLong(3)});
            }
        }
        return writers;
    }

    private void compare(int writer, long last, long acknowledged, long attempted) {
        if (last < acknowledged) {
            problems.add("the last " + (acknowledged - last) + " transactions of writer " + writer
                    + " are missing: acknowledged up to " + acknowledged + ", found up to " + last);
        }
        if (last > attempted) {
            problems.add("writer " + writer + " has " + (last - attempted)
                    + " transactions that it never sent: found up to " + last + ", sent up to " + attempted);
        }
    }

    private void books(Map<Integer, long[]> writers) throws SQLException {
        if (!writers.containsKey(DemoData.INITIAL_WRITER)) {
            problems.add("the audit log row of the initial rows is missing");
        }
        writers.forEach((writer, found) -> {
            if (found[0] != found[1]) {
                problems.add((found[1] - found[0]) + " transactions of writer " + writer
                        + " are missing among its first " + found[1]);
            }
        });
        compare("rows", "sum(rows_delta)", "count(*)", true);
        compare("updates", "sum(versions_delta)", "sum(version)", true);
        compare("money", "sum(money_delta)", null, false);
        long wrong = number(
                        "SELECT count(*) FROM migration_schema.orders o LEFT JOIN"
                                + " (SELECT order_id, sum(quantity * unit_price) AS price"
                                + " FROM migration_schema.order_items WHERE region = ? GROUP BY order_id) i"
                                + " ON i.order_id = o.id"
                                + " WHERE o.region = ? AND o.total <> coalesce(i.price, 0)",
                        2)
                .longValue();
        if (wrong > 0) {
            problems.add(wrong + " orders whose total is not the sum of their items");
        }
    }

    /** @param aggregate over every table with a version; null for the money columns */
    private void compare(String what, String booked, String aggregate, boolean allTables) throws SQLException {
        Map<String, String> aggregates = allTables
                ? DemoSchema.TABLES.stream()
                        .map(table -> table.name())
                        .filter(table -> !table.equals("audit_log"))
                        .collect(Collectors.toMap(table -> table, table -> aggregate))
                : Map.of(
                        "departments", "sum(budget)",
                        "employees", "sum(salary)",
                        "orders", "sum(total)",
                        "payments", "sum(amount)");
        BigDecimal expected = number("SELECT coalesce(" + booked + ", 0)" + AUDIT, 1);
        BigDecimal found = BigDecimal.ZERO;
        for (Map.Entry<String, String> table : aggregates.entrySet()) {
            found = found.add(number(
                    "SELECT coalesce(" + table.getValue() + ", 0) FROM migration_schema." + table.getKey()
                            + " WHERE region = ?",
                    1));
        }
        if (found.compareTo(expected) != 0) {
            problems.add(what + " of the tables and of the transactions differ: the tables have "
                    + found.toPlainString() + ", all transactions together have left " + expected.toPlainString());
        }
    }

    private BigDecimal number(String sql, int regions) throws SQLException {
        try (PreparedStatement statement = prepare(sql, regions);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getBigDecimal(1);
        }
    }

    private PreparedStatement prepare(String sql, int regions) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 1; i <= regions; i++) {
            statement.setString(i, region.code());
        }
        return statement;
    }
}
