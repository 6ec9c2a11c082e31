package dev.godwit.local.demo;

import dev.godwit.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The ids of new rows, from each region's own range and made in one place for both sides (see {@link Region}).
 * Thread-safe.
 */
final class TrafficIds {
    private static final List<String> TABLES = List.of("departments", "employees", "customers", "orders");

    private final Map<Region, Map<String, AtomicLong>> last = new EnumMap<>(Region.class);

    /** Goes on behind the highest ids that the region's owner has. */
    void continueFrom(Database owner, Region region) throws SQLException {
        Map<String, AtomicLong> ofRegion = new HashMap<>();
        try (Connection connection = owner.open()) {
            for (String table : TABLES) {
                try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT max(id) FROM " + DemoSchema.SCHEMA + "." + table + " WHERE region = ?")) {
                    statement.setString(1, region.code());
                    try (ResultSet row = statement.executeQuery()) {
                        row.next();
                        long highest = row.getLong(1);
                        ofRegion.put(table, new AtomicLong(row.wasNull() ? region.firstId() - 1 : highest));
                    }
                }
            }
        }
        last.put(region, ofRegion);
    }

    long next(Region region, String table) {
        return last.get(region).get(table).incrementAndGet();
    }

    /** An id that has been given out; its row may be gone. */
    long any(Region region, String table, Dice dice) {
        long first = region.firstId();
        return first + dice.below(Math.max(1, last.get(region).get(table).get() - first + 1));
    }
}
