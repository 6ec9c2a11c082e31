package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.TypeKind;
import dev.godwit.verify.checksum.KeyRange;
import dev.godwit.verify.checksum.RowEncoding;
import dev.godwit.verify.checksum.SplitKey;
import dev.godwit.verify.checksum.SqlNames;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * By which queries one table is read: which columns the databases hash, by which columns of the key ranges are cut, and whether an index serves
 * such ranges on both sides.
 *
 * @param uncovered the key and the columns that are not hashed
 * @param covered the columns that are hashed
 * @param fetchesAll whether every row is fetched, because the user wants it or nothing would be won by checksums
 * @param hasIndex whether an index delivers the rows of a range in key order, on both sides
 * @param sums whether digests are sums even of ranges that an index delivers: MySQL cannot hash many rows at once
 * @param onePass whether the table is better read as a whole for the start, although there is such an index
 */
record TableReading(
        TablePlan plan,
        TablePlan uncovered,
        List<ComparedColumn> covered,
        boolean fetchesAll,
        boolean hasIndex,
        boolean onePass,
        boolean sums,
        TableSide source,
        TableSide target,
        int splitColumns) {

    private static final Pattern YEAR_OF_FIVE_DIGITS = Pattern.compile("[0-9]{5,}-[0-9]{2}-[0-9]{2}");

    static TableReading of(VerifyRequest request, TablePlan plan, RowEncoding encoding, BothSides sides)
            throws SQLException {
        Product sourceProduct = request.source().product();
        Product targetProduct = request.target().product();
        List<ComparedColumn> key = plan.key().stream().map(plan.columns()::get).toList();
        ByteOrder sourceOrder = ByteOrder.read(
                request.source(),
                sides.connection(true),
                plan.pair().sources().get(0),
                key.stream().map(ComparedColumn::source).toList());
        ByteOrder targetOrder = ByteOrder.read(
                request.target(),
                sides.connection(false),
                plan.pair().target(),
                key.stream().map(ComparedColumn::target).toList());
        boolean bothUtf8 = sourceOrder.isUtf8() && targetOrder.isUtf8();
        boolean mysql = sourceProduct == Product.MYSQL || targetProduct == Product.MYSQL;
        int split = 0;
        // MySQL finds no range of several columns by an index.
        while (split < (mysql ? 1 : key.size())
                && SplitKey.splits(
                        sourceProduct,
                        key.get(split).source().type(),
                        targetProduct,
                        key.get(split).target().type())
                && (bothUtf8 || !isText(key.get(split).source().type().kind()))) {
            split++;
        }
        List<ComparedColumn> covered = plan.columns().stream()
                .filter(column ->
                        encoding.covers(column.source().type(), column.target().type()))
                .toList();
        boolean onlyKey =
                covered.size() == key.size() && covered.size() < plan.columns().size();
        boolean nothingWon = onlyKey || !covered.containsAll(key);
        Set<String> sourceBytes = plan.pair().isMerged() ? Set.of() : sourceOrder.columns();
        boolean index = split > 0
                && isIndexed(key.get(0).source(), sourceProduct, sourceBytes)
                && isIndexed(key.get(0).target(), targetProduct, targetOrder.columns());
        SplitKey sourceKey = SplitKey.of(
                new SqlNames(request.source().dialect()),
                key.stream().map(ComparedColumn::source).toList(),
                sourceBytes,
                split);
        SplitKey targetKey = SplitKey.of(
                new SqlNames(request.target().dialect()),
                key.stream().map(ComparedColumn::target).toList(),
                targetOrder.columns(),
                split);
        return new TableReading(
                plan,
                plan.only(column -> !covered.contains(column)),
                covered,
                request.compare().method() == CompareSettings.Method.FULL || nothingWon,
                index,
                index && isScattered(request, plan, key, sides),
                mysql,
                new TableSide(request.source(), plan, true, sourceKey, encoding),
                new TableSide(request.target(), plan, false, targetKey, encoding),
                split);
    }

    /** A limit on rows needs ranges that can be paid for one by one. */
    private static boolean isScattered(VerifyRequest request, TablePlan plan, List<ComparedColumn> key, BothSides sides)
            throws SQLException {
        if (request.compare().rowsPerSecondMax().isPresent() || plan.pair().isMerged()) {
            return false;
        }
        return isScattered(
                        request.source(),
                        plan.pair().sources().get(0),
                        key.get(0).source(),
                        true,
                        sides)
                || isScattered(
                        request.target(), plan.pair().target(), key.get(0).target(), false, sides);
    }

    private static boolean isScattered(
            Database database, TableName table, Column first, boolean ofSource, BothSides sides) throws SQLException {
        return KeyScatter.isKnown(database)
                && sides.query(
                        ofSource, KeyScatter.sql(database, table, first), row -> row.next() && row.getBoolean(1));
    }

    private static boolean isText(TypeKind kind) {
        return switch (kind) {
            case TEXT, CHAR, ENUM, OTHER -> true;
            default -> false;
        };
    }

    /** Whether the order of the column's own index is the one in which ranges are cut. */
    private static boolean isIndexed(Column column, Product product, Set<String> byteOrdered) {
        return switch (column.type().kind()) {
            case TEXT, CHAR -> product == Product.COCKROACHDB || byteOrdered.contains(column.name());
            case ENUM, INET, OTHER -> false;
            default -> true;
        };
    }

    boolean hasUncovered() {
        return covered.size() < plan.columns().size();
    }

    TableSide side(boolean ofSource) {
        return ofSource ? source : target;
    }

    /** @param lookedAt how many keys were read to find these */
    record Cuts(List<List<String>> keys, long lookedAt) {}

    /** Keys at which a range may be cut, strictly in order and within it. */
    Cuts cuts(BothSides sides, boolean bySource, KeyRange range, int parts, KeySample sample) throws SQLException {
        if (splitColumns == 0) {
            return new Cuts(List.of(), 0);
        }
        KeyBounds bounds = KeyBounds.of(plan, range);
        return sides.query(bySource, side(bySource).cuts(range, parts, sample), row -> read(row, bounds));
    }

    private Cuts read(ResultSet row, KeyBounds bounds) throws SQLException {
        List<List<String>> keys = new ArrayList<>();
        long lookedAt = 0;
        RowKey last = bounds.from();
        while (row.next()) {
            lookedAt = row.getLong(1);
            List<String> key = new ArrayList<>();
            for (int i = 0; i < splitColumns; i++) {
                key.add(row.getString(2 + i));
            }
            RowKey next = key.stream().anyMatch(TableReading::isDoubtful) ? null : plan.rowKey(key);
            if (next != null && (last == null || last.compareTo(next) < 0) && bounds.contains(next)) {
                keys.add(key);
                last = next;
            }
        }
        return new Cuts(keys, lookedAt);
    }

    /** Infinite, or so early or late that products may not agree on it. Nothing is lost: any other key may be a cut. */
    private static boolean isDoubtful(String text) {
        return YEAR_OF_FIVE_DIGITS.matcher(text).lookingAt()
                || text.equals("NaN")
                || text.contains("nfinity")
                || text.endsWith(" BC")
                || text.startsWith("294276-");
    }
}
