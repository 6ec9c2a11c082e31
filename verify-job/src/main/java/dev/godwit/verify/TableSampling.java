package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.verify.checksum.KeyRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Cuts a table into ranges, and these into parts, by keys that it really has, found in a sample of its pages. */
final class TableSampling {
    /** More cannot be in a page of 8 kB. A table that is not much more than what is fetched anyway is one range of one part. */
    private static final long ROWS_PER_PAGE_MAX = 290;
    /** Up to this all its keys are looked at. */
    private static final long SMALL_PAGES = 256;
    /** Fewer would make parts too unequal. */
    private static final int SAMPLE_PAGES_PER_PART = 4;

    private static final int SAMPLE_KEYS_PER_PART = 32;
    /** About so much of a table has one digest: it is in the database's memory at once, and is read again if a row of it differs. */
    private static final long PART_BYTES = 2L << 20;

    private static final int CUTS_MAX = 200_000;
    /** Without an index in our order there is one pass over all rows, and whole parts are fetched: so many of them. */
    private static final int PARTS_WITHOUT_INDEX = 1_024;
    /** Where parts that differ can be cut again, so many of them for a start; each cut is sent as a literal. */
    private static final int PARTS_OF_ONE_PASS_MAX = 8_192;

    private static final int ROWS_PER_PART_OF_ONE_PASS = 10_000;
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

    private record Size(long pages, long rows, long bytes) {
        int rowBytes() {
            return (int) Math.min(Integer.MAX_VALUE, bytes / Math.max(1, rows));
        }
    }

    TableCutting cutting() throws SQLException {
        boolean bySource = request.source().product() == Product.POSTGRESQL || !sampled(false);
        boolean mayFetchAllAtOnce = table.fetchesAll() && !table.hasIndex();
        if (table.splitColumns() == 0 || mayFetchAllAtOnce) {
            return TableCutting.NONE;
        }
        if (!sampled(bySource)) {
            // No pages to choose from, so every key is looked at.
            long rows = sides.query(bySource, table.side(bySource).count(), TableSampling::number);
            return cut(bySource, new Size(Long.MAX_VALUE, rows, 0), KeySample.ALL, rows);
        }
        Size size = size(bySource);
        if (size.pages() * ROWS_PER_PAGE_MAX <= 10L * request.compare().fetchRowsMax()) {
            return TableCutting.NONE.withRowBytes(size.rowBytes());
        }
        if (table.fetchesAll() && table.onePass()) {
            // Sorted once by the database, instead of fetched from all over the table range by range.
            return TableCutting.NONE.withRowBytes(size.rowBytes());
        }
        TableCutting cutting = cut(bySource, size, sample(size, size.rows()), size.rows());
        return cutting.withRowBytes(size.rowBytes());
    }

    private boolean sampled(boolean ofSource) {
        Database database = ofSource ? request.source() : request.target();
        return database.product() == Product.POSTGRESQL
                && !(ofSource && table.plan().pair().isMerged());
    }

    private KeySample sample(Size size, long rows) {
        if (size.pages() <= SMALL_PAGES) {
            return KeySample.ALL;
        }
        double parts = parts(size, rows);
        double pages = Math.min(1, Math.max(SMALL_PAGES, parts * SAMPLE_PAGES_PER_PART) / size.pages());
        double keys = Math.max(SMALL_PAGES, parts) * SAMPLE_KEYS_PER_PART;
        return new KeySample(pages, Math.min(1, keys / Math.max(1, rows * pages)));
    }

    private TableCutting cut(boolean bySource, Size size, KeySample sample, long rowsExpected) throws SQLException {
        int parts = (int) parts(size, rowsExpected);
        TableReading.Cuts cuts = table.cuts(sides, bySource, KeyRange.ALL, parts, sample);
        if (!table.hasIndex() || table.onePass()) {
            return new TableCutting(cuts.keys(), List.of(), 0);
        }
        long rows = (long) (cuts.lookedAt() / sample.share());
        if (rows > 2 * rowsExpected && parts < CUTS_MAX && parts < parts(size, rows)) {
            // The statistics are old: the parts would be too large.
            return cut(bySource, size, sample(size, rows), rows);
        }
        return TableCutting.evenly(cuts.keys(), (int) Math.min(CUTS_MAX, rows / rangeRows(rows) + 1));
    }

    private long parts(Size size, long rows) {
        if (!table.hasIndex()) {
            return PARTS_WITHOUT_INDEX;
        }
        if (table.onePass()) {
            return Math.max(PARTS_WITHOUT_INDEX, Math.min(PARTS_OF_ONE_PASS_MAX, rows / ROWS_PER_PART_OF_ONE_PASS));
        }
        long partRows = Math.max(1, rangeRows(rows) / request.compare().bisectFactor());
        if (size.rowBytes() > 0) {
            partRows = Math.max(1, Math.min(partRows, PART_BYTES / size.rowBytes()));
        }
        return Math.min(CUTS_MAX, rows / partRows + 1);
    }

    /** A range is read at once: with a limit on rows it may not hold more than some seconds' worth of them. */
    private int rangeRows(long rows) {
        long forAllWorkers =
                Math.max(RANGE_ROWS_MIN, rows / (2L * request.compare().rangesPerTable(request.concurrency())));
        long limited = Math.max(
                request.compare().fetchRowsMax(),
                2L * request.compare().rowsPerSecondMax().orElse(Integer.MAX_VALUE));
        return (int) Math.min(request.compare().rangeRows(), Math.min(forAllWorkers, limited));
    }

    /** Rows as the last ANALYZE has them, or a guess; bytes with what is stored apart from the rows. */
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
                + " sum(greatest(reltuples, 0))::int8, sum(pg_table_size(id))::int8 FROM tables JOIN pg_class ON oid = id";
        return sides.query(ofSource, sql, TableSampling::size);
    }

    private static Size size(ResultSet row) throws SQLException {
        row.next();
        long pages = row.getLong(1);
        long rows = row.getLong(2);
        return new Size(pages, rows > 0 ? rows : pages * 50, row.getLong(3));
    }

    private static long number(ResultSet row) throws SQLException {
        row.next();
        return row.getLong(1);
    }
}
