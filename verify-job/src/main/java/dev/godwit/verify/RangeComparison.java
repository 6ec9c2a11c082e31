package dev.godwit.verify;

import dev.godwit.verify.BothSides.Pair;
import dev.godwit.verify.TableSide.Rows;
import dev.godwit.verify.checksum.Checksum;
import dev.godwit.verify.checksum.ChecksumSql;
import dev.godwit.verify.checksum.KeyQuery;
import dev.godwit.verify.checksum.KeyRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares one key range: by checksums, cutting what differs until it is small, or by fetching its rows. */
final class RangeComparison {
    /** Where nearly all parts of a range differ, smaller parts would differ too, and looking at their checksums costs as much as fetching them. */
    private static final double DENSE = 0.9;

    private static final int DENSE_PARTS_MIN = 8;
    /** Where single rows differ all over the table, every large part differs, and few small ones do. */
    private static final int DENSE_PART_FETCHES = 20;
    /** Of differing ranges about so much is fetched from either side; to look at the checksums of smaller parts would take about as much. */
    private static final int FETCH_BYTES = 4 << 10;
    /** The same where most parts differ: there smaller ones would not be equal either. */
    private static final int DENSE_FETCH_BYTES = 16 << 10;

    private final VerifyRequest request;
    private final TableReading table;
    private final BothSides sides;
    private final RangeResult result;
    private final RowRate rate;
    private final StopSignal stop;
    private final int fetchRowsMax;
    private final long densePartRowsMax;

    /** @param rowBytes about how large a row is; 0 if that is not known */
    RangeComparison(
            VerifyRequest request,
            TableReading table,
            int rowBytes,
            BothSides sides,
            RangeResult result,
            RowRate rate,
            StopSignal stop) {
        this.request = request;
        this.table = table;
        this.sides = sides;
        this.result = result;
        this.rate = rate;
        this.stop = stop;
        this.fetchRowsMax = rows(FETCH_BYTES, rowBytes);
        this.densePartRowsMax = (long) DENSE_PART_FETCHES * rows(DENSE_FETCH_BYTES, rowBytes);
    }

    private int rows(int bytes, int rowBytes) {
        return Math.max(1, Math.min(request.compare().fetchRowsMax(), bytes / Math.max(1, rowBytes)));
    }

    void run(KeyRange range, List<List<String>> cuts) throws SQLException {
        if (table.fetchesAll()) {
            fetch(table.plan(), Rows.of(range));
        } else {
            byChecksum(range, cuts, !table.hasIndex() || table.onePass());
        }
    }

    /** @param onePass whether the range is read as it lies, not in the order of its key; both sides must do the same */
    private void byChecksum(KeyRange range, List<List<String>> cuts, boolean onePass) throws SQLException {
        stop.check();
        if (onePass) {
            sides.preferParallel(request.compare().rangesPerTable(request.concurrency()));
        }
        Map<Integer, Checksum> ofSource = new HashMap<>();
        Map<Integer, Checksum> ofTarget = new HashMap<>();
        boolean summed = onePass || table.sums();
        Pair<List<Map<Integer, Checksum>>> sums = sides.query(
                checksums(true, range, cuts, summed),
                checksums(false, range, cuts, summed),
                RangeComparison::checksums);
        sums.source().forEach(ofSource::putAll);
        sums.target().forEach(ofTarget::putAll);
        List<Part> parts = new ArrayList<>();
        long rows = 0;
        for (int i = 0; i <= cuts.size(); i++) {
            Checksum source = ofSource.getOrDefault(i, Checksum.NONE);
            Checksum target = ofTarget.getOrDefault(i, Checksum.NONE);
            parts.add(new Part(i, source.rows(), target.rows(), source.agrees(target)));
            rows += Math.max(source.rows(), target.rows());
        }
        rate.read(rows, stop);
        if (table.hasIndex()) {
            if (onePass) {
                sides.preferIndexes(); // for the parts that differ
            }
            inOrder(range, cuts, parts);
        } else {
            inOnePass(range, cuts, parts);
        }
    }

    private List<KeyQuery> checksums(boolean ofSource, KeyRange range, List<List<String>> cuts, boolean summed) {
        ChecksumSql sql = table.side(ofSource).checksums(table.covered());
        return summed ? List.of(sql.summed(range, cuts)) : sql.ordered(range, cuts);
    }

    private record Part(int number, long sourceRows, long targetRows, boolean equal) {
        long rows() {
            return Math.max(sourceRows, targetRows);
        }
    }

    private static Map<Integer, Checksum> checksums(ResultSet row) throws SQLException {
        Map<Integer, Checksum> sums = new HashMap<>();
        while (row.next()) {
            if (row.getLong(2) > 0) {
                sums.put(row.getInt(1), new Checksum(row.getLong(2), row.getString(3)));
            }
        }
        return sums;
    }

    /** Neighbours that need the same are read together. */
    private void inOrder(KeyRange range, List<List<String>> cuts, List<Part> parts) throws SQLException {
        long differing = parts.stream().filter(part -> !part.equal()).count();
        boolean dense = parts.size() >= DENSE_PARTS_MIN
                && differing >= parts.size() * DENSE
                && rows(parts) <= parts.size() * densePartRowsMax;
        int next = 0;
        while (next < parts.size()) {
            int first = next;
            while (next < parts.size()
                    && parts.get(next).equal() == parts.get(first).equal()) {
                next++;
            }
            List<Part> run = parts.subList(first, next);
            KeyRange ofRun = range.parts(cuts, first, next - 1);
            if (run.get(0).equal()) {
                equal(ofRun, run);
            } else if (dense || rows(run) <= fetchRowsMax) {
                fetch(table.plan(), Rows.of(ofRun));
            } else {
                for (Part part : run) {
                    cutAgain(range.part(cuts, part.number()), part);
                }
            }
        }
    }

    private static long rows(List<Part> parts) {
        return parts.stream().mapToLong(Part::rows).sum();
    }

    private void cutAgain(KeyRange range, Part part) throws SQLException {
        if (part.rows() <= fetchRowsMax) {
            fetch(table.plan(), Rows.of(range));
            return;
        }
        boolean bySource = part.sourceRows() >= part.targetRows();
        int wanted = (int) Math.min(request.compare().bisectFactor(), Math.max(2, 2 * part.rows() / fetchRowsMax));
        List<List<String>> cuts =
                table.cuts(sides, bySource, range, wanted, KeySample.ALL).keys();
        rate.read(part.rows(), stop);
        if (cuts.isEmpty()) {
            fetch(table.plan(), Rows.of(range));
        } else {
            byChecksum(range, cuts, false);
        }
    }

    /** Without an index, a part costs as much as the whole: so everything that differs is fetched in one pass. */
    private void inOnePass(KeyRange range, List<List<String>> cuts, List<Part> parts) throws SQLException {
        List<Part> equal = parts.stream().filter(Part::equal).toList();
        if (equal.size() == parts.size()) {
            equal(range, parts);
        } else if (equal.isEmpty() || table.hasUncovered()) {
            fetch(table.plan(), Rows.of(range));
        } else {
            found(equal);
            fetch(
                    table.plan(),
                    Rows.ofParts(
                            range,
                            cuts,
                            parts.stream()
                                    .filter(part -> !part.equal())
                                    .map(Part::number)
                                    .toList()));
        }
    }

    private void equal(KeyRange range, List<Part> parts) throws SQLException {
        if (!table.hasUncovered()) {
            found(parts);
        } else if (rows(parts) > 0) {
            fetch(table.uncovered(), Rows.of(range));
        }
    }

    private void found(List<Part> equal) {
        Tally tally = new Tally();
        tally.addEqual(rows(equal));
        result.add(tally);
    }

    private void fetch(TablePlan columns, Rows rows) throws SQLException {
        KeyBounds bounds = KeyBounds.of(table.plan(), rows.range());
        Pair<RowStream> streams = sides.both(
                connection -> open(true, columns, rows, bounds), connection -> open(false, columns, rows, bounds));
        try (RowStream source = streams.source();
                RowStream target = streams.target()) {
            new RowComparison(columns, result, rate, stop).run(source, target);
        }
    }

    private RowStream open(boolean ofSource, TablePlan columns, Rows rows, KeyBounds bounds) throws SQLException {
        return RowStream.open(
                sides.sessions(ofSource).database(),
                sides.connection(ofSource),
                table.side(ofSource).select(columns, rows),
                columns,
                bounds,
                request.rowBatchSize(),
                stop);
    }
}
