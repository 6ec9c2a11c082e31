package dev.godwit.bench.workload;

import dev.godwit.bench.workload.LiveRows.LiveRow;
import java.util.List;
import java.util.function.BiConsumer;

/** Customers, their orders and the orders' items: 55% updates, 35% inserts, 10% deletes. */
final class ShopHistory extends History {
    private static final BenchTable CUSTOMERS = new BenchTable(
            "customers",
            List.of(
                    BenchTable.column("id", ValueKind.BIGINT),
                    BenchTable.column("name", ValueKind.TEXT),
                    BenchTable.column("email", ValueKind.TEXT),
                    BenchTable.column("city", ValueKind.TEXT),
                    BenchTable.numeric("balance", 12, 2),
                    BenchTable.column("active", ValueKind.BOOLEAN),
                    BenchTable.column("seen_at", ValueKind.TIMESTAMPTZ),
                    BenchTable.column("version", ValueKind.INTEGER)),
            1,
            List.of(),
            List.of());
    private static final BenchTable ORDERS = new BenchTable(
            "orders",
            List.of(
                    BenchTable.column("id", ValueKind.BIGINT),
                    BenchTable.column("customer_id", ValueKind.BIGINT),
                    BenchTable.column("status", ValueKind.TEXT),
                    BenchTable.column("remark", ValueKind.TEXT),
                    BenchTable.numeric("total", 12, 2),
                    BenchTable.column("placed_at", ValueKind.TIMESTAMPTZ),
                    BenchTable.column("changed_at", ValueKind.TIMESTAMPTZ)),
            1,
            List.of("FOREIGN KEY (customer_id) REFERENCES bench.customers (id)"),
            List.of("CREATE INDEX orders_of_customer ON bench.orders (customer_id)"));
    private static final BenchTable ITEMS = new BenchTable(
            "order_items",
            List.of(
                    BenchTable.column("order_id", ValueKind.BIGINT),
                    BenchTable.column("line_no", ValueKind.INTEGER),
                    BenchTable.column("product", ValueKind.TEXT),
                    BenchTable.column("quantity", ValueKind.INTEGER),
                    BenchTable.numeric("price", 10, 2),
                    BenchTable.column("remark", ValueKind.TEXT)),
            2,
            List.of("FOREIGN KEY (order_id) REFERENCES bench.orders (id)"),
            List.of());

    private final LiveRows customers;
    private final LiveRows orders;
    private final LiveRows items;
    private long lastId;

    /** @param hotKeys whether few rows get most of the changes */
    ShopHistory(long changesMin, long seed, boolean hotKeys) {
        super(changesMin, seed);
        customers = new LiveRows(CUSTOMERS, random, hotKeys);
        orders = new LiveRows(ORDERS, random, hotKeys);
        items = new LiveRows(ITEMS, random, hotKeys);
        fill(Math.max(20, (int) (changesMin / 20)));
    }

    /** Three orders for each customer, and two items for each order. */
    private void fill(int customerCount) {
        LiveRow customer = customers.mark(new LiveRow(null, customer(MARK_KEY)));
        LiveRow order = orders.mark(new LiveRow(null, order(MARK_KEY, customer.id())));
        items.mark(new LiveRow(null, item(order.id(), MARK_KEY)));
        for (int i = 0; i < customerCount; i++) {
            customers.add(new LiveRow(null, customer(nextId())));
        }
        for (int i = 0; i < customerCount * 3; i++) {
            LiveRow parent = customers.at(random.nextInt(customerCount));
            orders.add(new LiveRow(parent, order(nextId(), parent.id())));
        }
        for (int i = 0; i < customerCount * 6; i++) {
            LiveRow parent = orders.at(random.nextInt(customerCount * 3));
            items.add(new LiveRow(parent, item(parent.id(), Integer.toString(parent.nextLine()))));
        }
    }

    @Override
    public List<BenchTable> tables() {
        return List.of(CUSTOMERS, ORDERS, ITEMS);
    }

    @Override
    public void forEachRow(BiConsumer<BenchTable, String[]> reader) {
        customers.forEach(row -> reader.accept(CUSTOMERS, row));
        orders.forEach(row -> reader.accept(ORDERS, row));
        items.forEach(row -> reader.accept(ITEMS, row));
    }

    @Override
    List<RowChange> mark(String text) {
        return List.of(
                customers.update(customers.marked(), with(customers.marked().values(), CUSTOMERS.markColumn(), text)),
                orders.update(orders.marked(), with(orders.marked().values(), ORDERS.markColumn(), text)),
                items.update(items.marked(), with(items.marked().values(), ITEMS.markColumn(), text)));
    }

    @Override
    void change(List<RowChange> transaction) {
        int dice = random.nextInt(100);
        if (dice < 55) {
            update(transaction);
        } else if (dice < 90) {
            insert(transaction);
        } else {
            delete(transaction);
        }
    }

    private void update(List<RowChange> transaction) {
        int dice = random.nextInt(10);
        if (dice < 3 || items.isEmpty()) {
            LiveRow row = customers.pick();
            transaction.add(customers.update(row, customer(row.id())));
        } else if (dice < 7) {
            LiveRow row = orders.pick();
            transaction.add(orders.update(row, order(row.id(), row.values()[1])));
        } else {
            LiveRow row = items.pick();
            transaction.add(items.update(row, item(row.id(), row.values()[1])));
        }
    }

    private void insert(List<RowChange> transaction) {
        int dice = random.nextInt(10);
        if (dice < 1) {
            transaction.add(customers.insert(new LiveRow(null, customer(nextId()))));
        } else if (dice < 4) {
            LiveRow parent = customers.pick();
            transaction.add(orders.insert(new LiveRow(parent, order(nextId(), parent.id()))));
        } else {
            LiveRow parent = orders.pick();
            transaction.add(items.insert(new LiveRow(parent, item(parent.id(), Integer.toString(parent.nextLine())))));
        }
    }

    /** Mostly an item; sometimes an order with the few items that it has. */
    private void delete(List<RowChange> transaction) {
        if (random.nextInt(10) == 0) {
            LiveRow order = orders.pick();
            if (order.children().size() <= 3) {
                List.copyOf(order.children()).forEach(item -> transaction.add(items.remove(item)));
                transaction.add(orders.remove(order));
                return;
            }
        }
        if (!items.isEmpty()) {
            transaction.add(items.remove(items.pick()));
        }
    }

    private String nextId() {
        return Long.toString(++lastId);
    }

    private String[] customer(String id) {
        String name = values.words(2);
        return new String[] {
            id,
            name,
            values.orNull(name.replace(' ', '.') + id + "@example.org"),
            values.word(),
            values.amount(100_000),
            values.bool(),
            values.timestampWithZone(),
            values.integer(1_000)
        };
    }

    private String[] order(String id, String customer) {
        return new String[] {
            id,
            customer,
            values.word(),
            values.orNull(values.words(5)),
            values.amount(10_000),
            values.timestampWithZone(),
            values.timestampWithZone()
        };
    }

    private String[] item(String order, String line) {
        return new String[] {
            order, line, values.words(2), values.integer(50), values.amount(500), values.orNull(values.words(3))
        };
    }
}
