package dev.godwit.local.demo;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Fills the source. The same number of rows and the same seed give the same rows, whenever and wherever it runs.
 *
 * <p>Each row is made from (seed, table, region, number) alone, so any row can be made again without those before it.
 */
public final class DemoData {
    public static final int DEFAULT_ROWS = 20_000;

    /** The writer in {@code audit_log} of the initial rows; those of the traffic count from 1. */
    static final int INITIAL_WRITER = 0;

    private static final LocalDateTime EPOCH = LocalDateTime.of(2025, 3, 30, 0, 0);

    private final Connection connection;
    private final DemoSql sql;
    private final long seed;
    private final List<DemoPlan> plans;
    private final Map<Region, BigDecimal> money = new EnumMap<>(Region.class);
    private long rows;

    private DemoData(Connection connection, DemoSql sql, long seed, List<DemoPlan> plans) {
        this.connection = connection;
        this.sql = sql;
        this.seed = seed;
        this.plans = plans;
    }

    /**
     * Fills the empty tables of {@link DemoSchema#createTables} in one transaction. PostgreSQL or MySQL.
     *
     * @param rows in total over all tables and regions, at least 400
     * @return the number of rows, the same
     * @throws RefusedException if the number is too small or too large
     */
    public static long fill(Database source, int rows, long seed) throws SQLException {
        List<DemoPlan> plans = DemoPlan.of(rows);
        try (Connection connection = source.open()) {
            connection.setAutoCommit(false);
            DemoSql sql = new DemoSql(source.product(), source.product());
            sql.prepare(connection);
            DemoData data = new DemoData(connection, sql, seed, plans);
            data.fillAll();
            connection.commit();
            return data.rows;
        }
    }

    private void fillAll() throws SQLException {
        table("departments", "id, region, name, budget, version", this::departments);
        table(
                "employees",
                "id, region, department_id, manager_id, email, full_name, salary, hired_on, active, skills,"
                        + " profile, photo,"
                        + " badge, changed_at, version",
                this::employees);
        table("customers", "id, region, name, \"vatId\", note, score, created_at, version", this::customers);
        table(
                "orders",
                "id, region, customer_id, employee_id, status, total, placed_at, deliver_at, remark,"
                        + " attributes, version",
                this::orders);
        table(
                "order_items",
                "order_id, line_no, region, sku, quantity, unit_price, weight_kg, gift, version",
                this::items);
        table(
                "payments",
                "id, region, order_id, amount, exchange_rate, paid_at, settled, \"references\", receipt, version",
                this::payments);
        table(
                "audit_log",
                "region, writer, seq, kind, rows_delta, versions_delta, money_delta, written_at",
                (plan, copy) -> copy.row(
                        plan.region(),
                        INITIAL_WRITER,
                        1,
                        "initial rows",
                        plan.countedRows(),
                        0,
                        money.get(plan.region()),
                        EPOCH + "Z"));
    }

    private interface Rows {
        void copy(DemoPlan plan, TableRows copy) throws SQLException;
    }

    private void table(String table, String columns, Rows content) throws SQLException {
        TableRows copy = sql.isMysql()
                ? new InsertTable(connection, sql, table, columns)
                : new CopyTable(connection, table, columns);
        for (DemoPlan plan : plans) {
            content.copy(plan, copy);
        }
        rows += copy.end();
    }

    private Dice dice(DemoPlan plan, int table, long number) {
        return new Dice(seed, table, plan.region().firstId(), number);
    }

    private void book(DemoPlan plan, BigDecimal amount) {
        money.merge(plan.region(), amount, BigDecimal::add);
    }

    private static LocalDateTime moment(Dice dice) {
        return EPOCH.minus(dice.below(86_400_000_000L * 700), ChronoUnit.MICROS);
    }

    private void departments(DemoPlan plan, TableRows copy) throws SQLException {
        for (int i = 0; i < plan.departments(); i++) {
            BigDecimal budget = dice(plan, 1, i).money(10_000_000, 90_000_000);
            book(plan, budget);
            copy.row(plan.region().firstId() + i, plan.region(), "Department \"" + (char) ('A' + i) + "\"", budget, 0);
        }
    }

    private void employees(DemoPlan plan, TableRows copy) throws SQLException {
        long first = plan.region().firstId();
        for (int i = 0; i < plan.employees(); i++) {
            Dice dice = dice(plan, 2, i);
            BigDecimal salary = dice.money(2_000_000, 15_000_000);
            book(plan, salary);
            copy.row(
                    first + i,
                    plan.region(),
                    first + dice.below(plan.departments()),
                    // A manager's id is always the smaller one: in key order every row finds its manager there.
                    i == 0 || dice.percent(5) ? null : first + dice.below(Math.min(i, 1 + i / 8)),
                    dice.percent(3) ? null : email(plan.region(), first + i),
                    SampleValues.fullName(dice),
                    salary,
                    LocalDate.of(1965, 1, 1).plusDays(dice.below(22_000)),
                    dice.percent(90),
                    SampleValues.skills(dice),
                    SampleValues.json(dice),
                    SampleValues.bytes(dice),
                    new UUID(dice.bits(), dice.bits()),
                    moment(dice) + "Z",
                    0);
        }
    }

    /** Unique, as it holds the id. */
    static String email(Region region, long id) {
        return "employee." + Long.toString(id, 36) + "+" + region + "@example.com";
    }

    private void customers(DemoPlan plan, TableRows copy) throws SQLException {
        for (int i = 0; i < plan.customers(); i++) {
            Dice dice = dice(plan, 3, i);
            copy.row(
                    plan.region().firstId() + i,
                    plan.region(),
                    SampleValues.fullName(dice),
                    dice.percent(60) ? null : "VAT" + dice.below(1_000_000_000),
                    SampleValues.text(dice),
                    SampleValues.measure(dice),
                    moment(dice),
                    0);
        }
    }

    private void orders(DemoPlan plan, TableRows copy) throws SQLException {
        long first = plan.region().firstId();
        for (int i = 0; i < plan.orders(); i++) {
            Dice dice = dice(plan, 4, i);
            BigDecimal total = BigDecimal.ZERO.setScale(2);
            for (int line = 1; line <= plan.linesOf(i); line++) {
                total = total.add(item(plan, i, line).price());
            }
            book(plan, total);
            copy.row(
                    first + i,
                    plan.region(),
                    first + dice.below(plan.customers()),
                    dice.percent(30) ? null : first + dice.below(plan.employees()),
                    dice.pick(SampleValues.STATUSES),
                    total,
                    moment(dice) + "Z",
                    dice.percent(40) ? null : moment(dice),
                    dice.percent(3) ? SampleValues.longText(dice) : SampleValues.text(dice),
                    SampleValues.json(dice),
                    0);
        }
    }

    private OrderItem item(DemoPlan plan, int order, int line) {
        return OrderItem.of(dice(plan, 5, order * 1_000L + line));
    }

    private void items(DemoPlan plan, TableRows copy) throws SQLException {
        for (int i = 0; i < plan.orders(); i++) {
            for (int line = 1; line <= plan.linesOf(i); line++) {
                OrderItem item = item(plan, i, line);
                copy.row(
                        plan.region().firstId() + i,
                        line,
                        plan.region(),
                        item.sku(),
                        item.quantity(),
                        item.unitPrice(),
                        item.weightKg(),
                        item.gift(),
                        0);
            }
        }
    }

    private void payments(DemoPlan plan, TableRows copy) throws SQLException {
        for (int i = 0; i < plan.payments(); i++) {
            Dice dice = dice(plan, 6, i);
            BigDecimal amount = dice.money(100, 50_000);
            book(plan, amount);
            copy.row(
                    new UUID(dice.bits(), dice.bits()),
                    plan.region(),
                    plan.region().firstId() + i % plan.orders(),
                    amount,
                    SampleValues.rate(dice),
                    dice.percent(20) ? null : moment(dice).atOffset(ZoneOffset.ofHours(dice.below(25) - 12)),
                    dice.percent(70),
                    SampleValues.text(dice),
                    SampleValues.bytes(dice),
                    0);
        }
    }
}
