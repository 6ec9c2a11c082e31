package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.mysql.MysqlSnapshots;
import dev.godwit.verify.checksum.SplitKey;
import dev.godwit.verify.checksum.SqlNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares a table by fetching every row of both sides in key order, value by value: for MySQL, whose SQL makes no checksum that PostgreSQL and
 * CockroachDB make too. Memory stays bounded, as both sides send rows while they are read.
 */
final class WholeComparison {
    private final VerifyRequest request;
    private final TablePlan plan;
    private final VerifyListener listener;
    private final RowRate rate;
    private final StopSignal stop;

    WholeComparison(VerifyRequest request, TablePlan plan, VerifyListener listener, RowRate rate, StopSignal stop) {
        this.request = request;
        this.plan = plan;
        this.listener = listener;
        this.rate = rate;
        this.stop = stop;
    }

    /** Whether it has to be this way. */
    static boolean isNeeded(VerifyRequest request) {
        return request.source().product() == Product.MYSQL || request.target().product() == Product.MYSQL;
    }

    TableReport run() throws SQLException {
        TableResult result = new TableResult(plan, request.differencesListedMax(), listener, stop);
        TableResult.OfRange whole = result.ofRange(0);
        KeyBounds everything = new KeyBounds(null, null);
        Optional<String> snapshot =
                request.source().product() == Product.MYSQL ? request.sourceSnapshot() : Optional.empty();
        if (snapshot.isEmpty()) {
            try (Connection source = ReadSession.open(request.source(), request.sourceSnapshot())) {
                compare(source, whole, everything);
            }
        } else {
            Connection source = MysqlSnapshots.borrow(snapshot.get());
            try {
                compare(source, whole, everything);
            } finally {
                MysqlSnapshots.giveBack(snapshot.get(), source);
            }
        }
        whole.finish();
        return result.report();
    }

    private void compare(Connection source, TableResult.OfRange whole, KeyBounds everything) throws SQLException {
        try (Connection target = ReadSession.open(request.target(), Optional.empty());
                RowStream sourceRows = open(request.source(), source, true, everything);
                RowStream targetRows = open(request.target(), target, false, everything)) {
            new RowComparison(plan, whole, rate, stop).run(sourceRows, targetRows);
        }
    }

    private RowStream open(Database database, Connection connection, boolean ofSource, KeyBounds everything)
            throws SQLException {
        List<Column> columns = plan.columns().stream()
                .map(column -> ofSource ? column.source() : column.target())
                .toList();
        List<Column> key = plan.key().stream().map(columns::get).toList();
        String where = (ofSource ? plan.pair().sourceRows() : plan.pair().targetRows())
                .map(rows -> " WHERE " + rows.sql(database.dialect()))
                .orElse("");
        boolean mysql = database.product() == Product.MYSQL;
        SqlNames names = new SqlNames(database.dialect());
        String sql = columns.stream()
                        .map(column -> mysql ? selected(database.dialect(), column) : names.text(column))
                        .collect(Collectors.joining(", ", "SELECT ", ""))
                + " FROM " + (ofSource ? plan.sourceRelation() : plan.targetRelation()) + " AS t" + where + " ORDER BY "
                + (mysql
                        ? order(database.dialect(), key)
                        : SplitKey.of(names, key, Set.of(), 0).orderBy());
        return RowStream.open(database, connection, sql, plan, everything, request.rowBatchSize(), stop);
    }

    private static String selected(Dialect dialect, Column column) {
        return dialect.selected("t." + dialect.quote(column.name()), column.type());
    }

    /** Texts go by their bytes in UTF-8, which is by code point; a collation would take different keys for the same. */
    private static String order(Dialect dialect, List<Column> key) {
        return key.stream()
                .map(column -> {
                    String name = "t." + dialect.quote(column.name());
                    return switch (column.type().kind()) {
                        case TEXT, CHAR, ENUM -> "CAST(CONVERT(" + name + " USING utf8mb4) AS BINARY)";
                        default -> name;
                    };
                })
                .collect(Collectors.joining(", "));
    }
}
