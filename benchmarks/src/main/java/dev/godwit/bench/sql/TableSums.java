package dev.godwit.bench.sql;

import dev.godwit.bench.workload.BenchTable;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Number and checksum of the rows of each table: the sum of a 64-bit hash of every row's text, so that order does not
 * matter and every value of every column does.
 */
public record TableSums(Map<String, Sum> tables) {
    /** Of one table. */
    public record Sum(long rows, BigDecimal checksum) {}

    public TableSums {
        tables = Map.copyOf(tables);
    }

    public static TableSums read(Connection connection, List<BenchTable> tables) throws SQLException {
        Map<String, Sum> sums = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement()) {
            for (BenchTable table : tables) {
                try (ResultSet row = statement.executeQuery(
                        "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)" + " FROM "
                                + table.qualifiedName() + " t")) {
                    row.next();
                    sums.put(table.name(), new Sum(row.getLong(1), row.getBigDecimal(2)));
                }
            }
        }
        return new TableSums(sums);
    }

    public long rows() {
        return tables.values().stream().mapToLong(Sum::rows).sum();
    }
}
