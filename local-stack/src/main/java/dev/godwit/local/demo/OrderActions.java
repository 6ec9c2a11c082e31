package dev.godwit.local.demo;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/** What customers do. Whoever changes an order's lines or payments locks the order first. */
final class OrderActions {
    static final List<TrafficAction.Weighted> ALL = List.of(
            new TrafficAction.Weighted("place order", 24, OrderActions::place),
            new TrafficAction.Weighted("order status", 16, OrderActions::changeStatus),
            new TrafficAction.Weighted("change payment", 10, OrderActions::changePayment),
            new TrafficAction.Weighted("add item", 5, OrderActions::addItem),
            new TrafficAction.Weighted("replace item", 4, OrderActions::replaceItem),
            new TrafficAction.Weighted("renumber item", 4, OrderActions::renumberItem),
            new TrafficAction.Weighted("new payment id", 2, OrderActions::changePaymentId),
            new TrafficAction.Weighted("delete order", 12, OrderActions::delete),
            new TrafficAction.Weighted("place and cancel", 2, OrderActions::placeAndCancel),
            new TrafficAction.Weighted("read order", 8, OrderActions::read));

    private OrderActions() {}

    private static void place(TrafficTransaction transaction) throws SQLException {
        placeOrder(transaction);
    }

    private static long placeOrder(TrafficTransaction transaction) throws SQLException {
        Dice dice = transaction.dice();
        Long customer = dice.percent(20) ? newCustomer(transaction) : transaction.anyId("customers");
        long order = transaction.newId("orders");
        List<OrderItem> items = dice.percent(60)
                ? List.of(OrderItem.of(dice))
                : List.of(OrderItem.of(dice), OrderItem.of(dice), OrderItem.of(dice));
        BigDecimal total = items.stream().map(OrderItem::price).reduce(BigDecimal.ZERO, BigDecimal::add);
        transaction.insert(
                total,
                "INSERT INTO migration_schema.orders (id, region, customer_id, employee_id, status, total,"
                        + " placed_at, deliver_at,"
                        + " remark, attributes, version) VALUES (?, ?, ?, ?, 'new', ?, ?, ?, ?, CAST(? AS jsonb), 0)",
                order,
                transaction.region(),
                customer,
                dice.percent(50) ? null : transaction.anyId("employees"),
                total,
                TrafficTransaction.now(),
                dice.percent(50)
                        ? null
                        : TrafficTransaction.now().toLocalDateTime().plusDays(dice.below(20)),
                dice.percent(4) ? SampleValues.longText(dice) : SampleValues.text(dice),
                SampleValues.json(dice));
        for (int line = 1; line <= items.size(); line++) {
            insertItem(transaction, order, line, items.get(line - 1));
        }
        if (dice.percent(70)) {
            insertPayment(transaction, order, total.min(new BigDecimal("5000000.00")));
        }
        return order;
    }

    private static long newCustomer(TrafficTransaction transaction) throws SQLException {
        Dice dice = transaction.dice();
        long id = transaction.newId("customers");
        transaction.insert(
                BigDecimal.ZERO,
                "INSERT INTO migration_schema.customers (id, region, name, \"vatId\", note, score, created_at, version)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
                id,
                transaction.region(),
                SampleValues.fullName(dice),
                dice.percent(50) ? null : "VAT" + dice.below(1_000_000_000),
                SampleValues.text(dice),
                SampleValues.measure(dice),
                TrafficTransaction.now().toLocalDateTime());
        return id;
    }

    private static void insertItem(TrafficTransaction transaction, long order, int line, OrderItem item)
            throws SQLException {
        transaction.insert(
                BigDecimal.ZERO,
                "INSERT INTO migration_schema.order_items (order_id, line_no, region, sku, quantity,"
                        + " unit_price, weight_kg, gift,"
                        + " version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
                order,
                line,
                transaction.region(),
                item.sku(),
                item.quantity(),
                item.unitPrice(),
                item.weightKg(),
                item.gift());
    }

    private static void insertPayment(TrafficTransaction transaction, long order, BigDecimal amount)
            throws SQLException {
        Dice dice = transaction.dice();
        transaction.insert(
                amount,
                "INSERT INTO migration_schema.payments (id, region, order_id, amount, exchange_rate, paid_at, settled,"
                        + " \"references\", receipt, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                UUID.randomUUID(),
                transaction.region(),
                order,
                amount,
                SampleValues.rate(dice),
                dice.percent(20)
                        ? null
                        : TrafficTransaction.now().withOffsetSameInstant(ZoneOffset.ofHours(dice.below(25) - 12)),
                dice.percent(50),
                SampleValues.text(dice),
                SampleValues.bytes(dice));
    }

    /** Some order, locked; null if there is none, or somebody else has just deleted it. */
    private static Long lockOrder(TrafficTransaction transaction) throws SQLException {
        Long order = transaction.anyId("orders");
        boolean there = order != null
                && !transaction
                        .query("SELECT id FROM migration_schema.orders WHERE id = ? FOR UPDATE", order)
                        .isEmpty();
        return there ? order : null;
    }

    private static void changeStatus(TrafficTransaction transaction) throws SQLException {
        Dice dice = transaction.dice();
        Long order = transaction.anyId("orders");
        if (order != null) {
            transaction.update(
                    BigDecimal.ZERO,
                    "UPDATE migration_schema.orders SET status = CAST(? AS migration_schema.order_status),"
                            + " deliver_at = ?,"
                            + " version = version + 1 WHERE id = ?",
                    dice.pick(SampleValues.STATUSES),
                    dice.percent(30) ? null : TrafficTransaction.now().toLocalDateTime(),
                    order);
        }
    }

    private static void changePayment(TrafficTransaction transaction) throws SQLException {
        Dice dice = transaction.dice();
        for (Object[] payment : anyPayment(transaction)) {
            BigDecimal more = dice.money(-2_000, 2_000);
            transaction.update(
                    more,
                    "UPDATE migration_schema.payments SET amount = amount + ?, settled = ?, \"references\" = ?,"
                            + " version = version + 1 WHERE id = ?",
                    more,
                    dice.percent(80),
                    SampleValues.text(dice),
                    payment[0]);
        }
    }

    private static List<Object[]> anyPayment(TrafficTransaction transaction) throws SQLException {
        Long order = transaction.anyId("orders");
        return order == null
                ? List.of()
                : transaction.query(
                        "SELECT id FROM migration_schema.payments WHERE order_id = ? ORDER BY id LIMIT 1", order);
    }

    private static void changePaymentId(TrafficTransaction transaction) throws SQLException {
        for (Object[] payment : anyPayment(transaction)) {
            transaction.update(
                    BigDecimal.ZERO,
                    "UPDATE migration_schema.payments SET id = ?, version = version + 1 WHERE id = ?",
                    UUID.randomUUID(),
                    payment[0]);
        }
    }

    private static void addItem(TrafficTransaction transaction) throws SQLException {
        Long order = lockOrder(transaction);
        if (order != null) {
            OrderItem item = OrderItem.of(transaction.dice());
            insertItem(transaction, order, lastLine(transaction, order) + 1, item);
            addToTotal(transaction, order, item.price());
        }
    }

    private static int lastLine(TrafficTransaction transaction, long order) throws SQLException {
        Object last = transaction.query(
                        "SELECT max(line_no) FROM migration_schema.order_items WHERE order_id = ?", order)
                .get(0)[0];
        return last == null ? 0 : ((Number) last).intValue();
    }

    private static void addToTotal(TrafficTransaction transaction, long order, BigDecimal more) throws SQLException {
        transaction.update(
                more,
                "UPDATE migration_schema.orders SET total = total + ?, version = version + 1 WHERE id = ?",
                more,
                order);
    }

    /** Deletes a row and inserts another one with the same key, in one transaction. */
    private static void replaceItem(TrafficTransaction transaction) throws SQLException {
        Long order = lockOrder(transaction);
        if (order != null) {
            int line = lastLine(transaction, order);
            List<Object[]> old = transaction.query(
                    "SELECT quantity * unit_price FROM migration_schema.order_items WHERE order_id = ? AND line_no = ?",
                    order,
                    line);
            if (!old.isEmpty()) {
                deleteItems(transaction, " WHERE order_id = ? AND line_no = ?", order, line);
                OrderItem item = OrderItem.of(transaction.dice());
                insertItem(transaction, order, line, item);
                addToTotal(transaction, order, item.price().subtract((BigDecimal) old.get(0)[0]));
            }
        }
    }

    private static void deleteItems(TrafficTransaction transaction, String where, Object... parameters)
            throws SQLException {
        transaction.delete(
                "DELETE FROM migration_schema.order_items" + where + " RETURNING version, CAST(0 AS numeric)",
                parameters);
    }

    /** Changes half of a composite primary key. */
    private static void renumberItem(TrafficTransaction transaction) throws SQLException {
        Long order = lockOrder(transaction);
        if (order != null) {
            int last = lastLine(transaction, order);
            transaction.update(
                    BigDecimal.ZERO,
                    "UPDATE migration_schema.order_items SET line_no = ?, version = version + 1"
                            + " WHERE order_id = ? AND line_no = ?",
                    last + 1 + transaction.dice().below(5),
                    order,
                    last);
        }
    }

    private static void delete(TrafficTransaction transaction) throws SQLException {
        Long order = lockOrder(transaction);
        if (order != null) {
            deleteOrder(transaction, order);
        }
    }

    private static void deleteOrder(TrafficTransaction transaction, long order) throws SQLException {
        transaction.delete("DELETE FROM migration_schema.payments WHERE order_id = ? RETURNING version, amount", order);
        deleteItems(transaction, " WHERE order_id = ?", order);
        transaction.delete("DELETE FROM migration_schema.orders WHERE id = ? RETURNING version, total", order);
    }

    /** Rows that come and go within one transaction. */
    private static void placeAndCancel(TrafficTransaction transaction) throws SQLException {
        deleteOrder(transaction, placeOrder(transaction));
    }

    private static void read(TrafficTransaction transaction) throws SQLException {
        Long order = transaction.anyId("orders");
        if (order == null) {
            return;
        }
        // One statement, as under READ COMMITTED each one sees another state.
        List<Object[]> found = transaction.query(
                "SELECT o.total, coalesce(sum(i.quantity * i.unit_price), 0) FROM migration_schema.orders o"
                        + " LEFT JOIN migration_schema.order_items i ON i.order_id = o.id WHERE o.id = ?"
                        + " GROUP BY o.id, o.total",
                order);
        for (Object[] row : found) {
            if (((BigDecimal) row[0]).compareTo((BigDecimal) row[1]) != 0) {
                throw new SQLException("order " + order + " says " + row[0] + ", its items add up to " + row[1]);
            }
        }
    }
}
