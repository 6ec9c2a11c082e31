package dev.godwit.local.demo;

import dev.godwit.database.RefusedException;
import java.util.ArrayList;
import java.util.List;

/** How many rows of each table a region gets; all add up to the number asked for. */
record DemoPlan(Region region, int departments, int employees, int customers, int orders, int items, int payments) {
    static final int ROWS_MIN = 400;
    static final int ROWS_MAX = 50_000_000;

    /**
     * Shares the rows out.
     *
     * @throws RefusedException if so many rows do not make a demo
     */
    static List<DemoPlan> of(int rows) {
        if (rows < ROWS_MIN || rows > ROWS_MAX) {
            throw new RefusedException(
                    "the demo cannot have " + rows + " rows", "use a number from " + ROWS_MIN + " to " + ROWS_MAX);
        }
        List<DemoPlan> plans = new ArrayList<>();
        int left = rows;
        for (Region region : Region.values()) {
            boolean last = region == Region.APAC;
            int share = last ? left : part(rows, region.percentOfRows());
            left -= share;
            plans.add(of(region, share));
        }
        return plans;
    }

    private static DemoPlan of(Region region, int rows) {
        int departments = Math.max(3, Math.min(12, rows / 150));
        int employees = part(rows, 12);
        int customers = part(rows, 13);
        int orders = part(rows, 24);
        int payments = part(rows, 18);
        // One row is the first of the audit log.
        int items = rows - 1 - departments - employees - customers - orders - payments;
        return new DemoPlan(region, departments, employees, customers, orders, items, payments);
    }

    private static int part(int rows, int percent) {
        return (int) ((long) rows * percent / 100);
    }

    /** How many lines the order has; at least one. */
    int linesOf(int order) {
        return items / orders + (order < items % orders ? 1 : 0);
    }

    /** All but the audit log's. */
    int countedRows() {
        return departments + employees + customers + orders + items + payments;
    }
}
