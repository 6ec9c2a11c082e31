package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.verify.checksum.KeyRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** Cuts a table into ranges by keys that it really has, found in a sample of its pages. */
final class TableSampling {
    /** More cannot be in a page of 8 kB. A table that is not much more than what is fetched anyway is one range of one part. */
    private static final long ROWS_PER_PAGE_MAX = 290;
    /** Up to this all its keys are looked at. */
    private static final long SMALL_PAGES = 1_024;

    private static final int SAMPLE_PAGES_MIN = 512;
    private static final int SAMPLE_PAGES_PER_RANGE = 16;
    private static final int CUTS_MAX = 8_192;
    /** Without an index in our order there is one pass over all rows, and whole parts are fetched: so many of them. */
    private static final int PARTS_WITHOUT_INDEX = 1_024;
    /** So that a table of medium size is read by several workers too. */
    private static final int RANGE_ROWS_MIN = 20_000;

    private final VerifyRequest request;
    private final TableReading table;
    private final BothSides sides;

    TableSampling(VerifyRequest request, TableReading table, BothSides sides) {
        this.request = request;
        this.table = table;
        this.sides = sides;
    }

    private record Size(long pages, long rows) {}

    TableCutting cutting() throws SQLException {
        boolean bySource = request.source().product() == Product.POSTGRESQL || !sampled(false);
        boolean mayFetchAllAtOnce = table.fetchesAll() && !table.hasIndex();
        if (table.splitColumns() == 0 || mayFetchAllAtOnce) {
            return TableCutting.NONE;
        }
        if (!sampled(bySource)) {
            // No pages to choose from, so every key is looked at.
            return cut(bySource, "", 1, 1);
        }
        Size size = size(bySource);
        if (size.pages() * ROWS_PER_PAGE_MAX <= 10L * request.compare().fetchRowsMax()) {
            return TableCutting.NONE;
        }
        if (size.pages() <= SMALL_PAGES) {
            return cut(bySource, "", 1, size.rows());
        }
        long ranges = size.rows() / rangeRows(size.rows()) + 1;
        long wanted = Math.max(SAMPLE_PAGES_MIN, ranges * SAMPLE_PAGES_PER_RANGE);
        double share = Math.min(1, (double) wanted / size.pages());
        String sample = String.format(Locale.ROOT, " TABLESAMPLE SYSTEM (%.6f)", share * 100);
        return cut(bySource, sample, share, size.rows());
    }

    private boolean sampled(boolean ofSource) {
        Database database = ofSource ? request.source() : request.target();
        return database.product() == Product.POSTGRESQL
                && !(ofSource && table.plan().pair().isMerged());
    }

    private TableCutting cut(boolean bySource, String sample, double share, long rowsExpected) throws SQLException {
        int factor = request.compare().bisectFactor();
        long ranges = rowsExpected / rangeRows(rowsExpected) + 1;
        int parts = table.hasIndex() ? (int) Math.min(CUTS_MAX, ranges * factor) : PARTS_WITHOUT_INDEX;
        TableReading.Cuts cuts = table.cuts(sides, bySource, KeyRange.ALL, parts, sample);
        if (!table.hasIndex()) {
            return new TableCutting(cuts.keys(), List.of());
        }
        long rows = (long) (cuts.lookedAt() / share);
        return TableCutting.evenly(cuts.keys(), (int) Math.min(CUTS_MAX, rows / rangeRows(rows) + 1));
    }

    /** A range is read at once: with a limit on rows it may not hold more than some seconds' worth of them. */
    private int rangeRows(long rows) {
        long forAllWorkers = Math.max(RANGE_ROWS_MIN, rows / (2L * request.concurrency()));
        long limited = Math.max(
                request.compare().fetchRowsMax(),
                2L * request.compare().rowsPerSecondMax().orElse(Integer.MAX_VALUE));
        return (int) Math.min(request.compare().rangeRows(), Math.min(forAllWorkers, limited));
    }

    /** Rows as the last ANALYZE has them, or a guess. */
    private Size size(boolean ofSource) throws SQLException {
        Database database = ofSource ? request.source() : request.target();
        String name = database.dialect()
                .quote(
                        ofSource
                                ? table.plan().pair().sources().get(0)
                                : table.plan().pair().target());
        String quoted = "'" + name.replace("'", "''") + "'::regclass";
        String sql = "WITH tables AS (SELECT " + quoted + " AS id UNION SELECT relid FROM pg_partition_tree(" + quoted
                + ")) SELECT sum(pg_relation_size(id)) / current_setting('block_size')::int8,"
                + " sum(greatest(reltuples, 0))::int8 FROM tables JOIN pg_class ON oid = id";
        return sides.query(ofSource, sql, TableSampling::size);
    }

    private static Size size(ResultSet row) throws SQLException {
        row.next();
        long pages = row.getLong(1);
        long rows = row.getLong(2);
        return new Size(pages, rows > 0 ? rows : pages * 50);
    }
}
