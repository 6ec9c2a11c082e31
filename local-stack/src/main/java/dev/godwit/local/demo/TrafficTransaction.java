package dev.godwit.local.demo;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One application transaction under way: runs statements and keeps book of what they do to the number of rows, the
 * sum of versions and the sum of money. Statements are those that PostgreSQL and CockroachDB have in common; {@link DemoSql} says them to MySQL. Not
 * thread-safe.
 */
final class TrafficTransaction {
    private final Connection connection;
    private final DemoSql sql;
    private final Region region;
    private final Dice dice;
    private final TrafficIds ids;
    private long rowsDelta;
    private long versionsDelta;
    private BigDecimal moneyDelta = BigDecimal.ZERO;
    private long rowsChanged;

    TrafficTransaction(Connection connection, DemoSql sql, Region region, Dice dice, TrafficIds ids) {
        this.connection = connection;
        this.sql = sql;
        this.region = region;
        this.dice = dice;
        this.ids = ids;
    }

    String region() {
        return region.code();
    }

    Dice dice() {
        return dice;
    }

    long newId(String table) {
        return ids.next(region, table);
    }

    String newEmail(long id) {
        return DemoData.email(region, id);
    }

    /** Some row's id, by chance; null if the region has no row in the table. */
    Long anyId(String table) throws SQLException {
        String select = "SELECT id FROM " + DemoSchema.SCHEMA + "." + table
                + " WHERE region = ? AND id >= ? ORDER BY id LIMIT 1";
        List<Object[]> found = query(select, region.code(), ids.any(region, table, dice));
        if (found.isEmpty()) {
            found = query(select, region.code(), region.firstId());
        }
        return found.isEmpty() ? null : ((Number) found.get(0)[0]).longValue();
    }

    /** To the microsecond, as the databases keep it. */
    static OffsetDateTime now() {
        return OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    }

    /** Inserts one row with version 0 and this much money in it. */
    void insert(BigDecimal money, String statement, Object... parameters) throws SQLException {
        rowsChanged += execute(statement, parameters);
        rowsDelta++;
        moneyDelta = moneyDelta.add(money);
    }

    /**
     * Updates rows by a statement that adds 1 to the version of each.
     *
     * @param money how much is added to each
     * @return how many rows
     */
    int update(BigDecimal money, String statement, Object... parameters) throws SQLException {
        int count = execute(statement, parameters);
        rowsChanged += count;
        versionsDelta += count;
        moneyDelta = moneyDelta.add(money.multiply(BigDecimal.valueOf(count)));
        return count;
    }

    /** Deletes rows by a statement that returns version and money of each. @return the money of all */
    BigDecimal delete(String statement, Object... parameters) throws SQLException {
        BigDecimal money = BigDecimal.ZERO;
        Optional<DemoSql.Delete> inTwo = sql.delete(statement);
        List<Object[]> deleted = query(inTwo.map(DemoSql.Delete::select).orElse(statement), parameters);
        if (inTwo.isPresent()) {
            execute(inTwo.get().delete(), parameters);
        }
        for (Object[] row : deleted) {
            rowsChanged++;
            rowsDelta--;
            versionsDelta -= ((Number) row[0]).longValue();
            money = money.add((BigDecimal) row[1]);
        }
        moneyDelta = moneyDelta.subtract(money);
        return money;
    }

    List<Object[]> query(String text, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(text, parameters);
                ResultSet row = statement.executeQuery()) {
            List<Object[]> rows = new ArrayList<>();
            while (row.next()) {
                Object[] values = new Object[row.getMetaData().getColumnCount()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = row.getObject(i + 1);
                }
                rows.add(values);
            }
            return rows;
        }
    }

    /**
     * Writes the row of {@code audit_log}, as the last statement. Fails with a unique violation if the number is
     * taken.
     */
    void audit(String kind, WriterSequence sequence) throws SQLException {
        rowsChanged += execute(
                "INSERT INTO migration_schema.audit_log (region, writer, seq, kind, rows_delta,"
                        + " versions_delta, money_delta,"
                        + " written_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                region.code(),
                sequence.writer(),
                sequence.next(),
                kind,
                rowsDelta,
                versionsDelta,
                moneyDelta,
                now());
    }

    /** Inserted, updated and deleted. */
    long rowsChanged() {
        return rowsChanged;
    }

    private int execute(String text, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(text, parameters)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement prepare(String text, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql.statement(text));
        for (int i = 0; i < parameters.length; i++) {
            Object value = sql.value(parameters[i]);
            if (value == null) {
                statement.setNull(i + 1, Types.NULL);
            } else if (value instanceof String[] elements) {
                statement.setArray(i + 1, connection.createArrayOf("text", elements));
            } else {
                statement.setObject(i + 1, value);
            }
        }
        return statement;
    }
}
