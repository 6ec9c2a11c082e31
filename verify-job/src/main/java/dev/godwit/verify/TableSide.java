package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.verify.checksum.ChecksumSql;
import dev.godwit.verify.checksum.KeyQuery;
import dev.godwit.verify.checksum.KeyRange;
import dev.godwit.verify.checksum.RowColumn;
import dev.godwit.verify.checksum.RowEncoding;
import dev.godwit.verify.checksum.SplitKey;
import dev.godwit.verify.checksum.SqlNames;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table on one of the two sides: renders the queries that read it. Immutable. */
final class TableSide {
    private final TablePlan plan;
    private final boolean ofSource;
    private final SqlNames names;
    private final SplitKey key;
    private final RowEncoding encoding;

    TableSide(Database database, TablePlan plan, boolean ofSource, SplitKey key, RowEncoding encoding) {
        this.plan = plan;
        this.ofSource = ofSource;
        this.names = new SqlNames(database.dialect());
        this.key = key;
        this.encoding = encoding;
    }

    /** Some rows of a range, or some parts of it. */
    record Rows(KeyRange range, List<List<String>> cuts, List<Integer> parts) {
        static Rows of(KeyRange range) {
            return new Rows(range, List.of(), List.of());
        }

        /** These parts only, found by looking at every row of the range: for keys without an index in our order. */
        static Rows ofParts(KeyRange range, List<List<String>> cuts, List<Integer> parts) {
            return new Rows(range, cuts, parts);
        }
    }

    /**
     * In key order, every value as text.
     *
     * @param columns a plan with some or all of the table's columns, the key among them
     */
    String select(TablePlan columns, Rows rows) {
        return "SELECT "
                + columns.columns().stream()
                        .map(this::column)
                        .map(names::copied)
                        .collect(Collectors.joining(", "))
                + fromWhere(rows) + " ORDER BY " + key.orderBy();
    }

    /** @param covered the columns that are hashed */
    ChecksumSql checksums(List<ComparedColumn> covered) {
        List<RowColumn> columns = covered.stream()
                .map(column -> new RowColumn(
                        column(column),
                        (ofSource ? column.target() : column.source()).type(),
                        plan.key().stream().map(plan.columns()::get).anyMatch(part -> part.name()
                                .equals(column.name()))))
                .toList();
        return new ChecksumSql(names.dialect(), key, encoding, columns, condition -> fromWhere(condition, ""));
    }

    /** How many rows there are. */
    String count() {
        return "SELECT count(*)" + fromWhere("", "");
    }

    /**
     * Keys that cut the range into {@code parts} about equal ones, in order; before them in each row how many keys were looked at.
     *
     * @param sample which keys are looked at
     */
    KeyQuery cuts(KeyRange range, int parts, KeySample sample) {
        boolean closed = !range.from().isEmpty() && !range.to().isEmpty();
        if (closed && sample.equals(KeySample.ALL) && names.dialect().product() == Product.POSTGRESQL) {
            String sql = cuts(key.inParameters(), "?::int8", sample);
            if (!KeyQuery.isAmbiguous(cuts("", "", sample))) {
                String number = Integer.toString(parts);
                return new KeyQuery(
                        sql,
                        Stream.of(range.from(), range.to(), List.of(number, number))
                                .flatMap(List::stream)
                                .toList());
            }
        }
        return new KeyQuery(cuts(key.in(range), Integer.toString(parts), sample), List.of());
    }

    private String cuts(String inRange, String parts, KeySample sample) {
        boolean mysql = names.dialect().product() == Product.MYSQL;
        String step = mysql
                ? "greatest(1, ceil(q.looked_at / " + parts + "))"
                : "greatest(1, ceil(q.looked_at::numeric / " + parts + ")::int8)";
        StringBuilder texts = new StringBuilder();
        for (int i = 0; i < key.casts().size(); i++) {
            texts.append(", ").append(names.text(keyColumn(i))).append(" AS k").append(i);
        }
        return "SELECT q.* FROM (SELECT count(*) OVER () AS looked_at" + texts + ", row_number() OVER (ORDER BY "
                + key.orderBy() + ") AS number" + fromWhere(sample.and(inRange), sample.ofTable())
                + ") AS q WHERE q.number > 1 AND q.number % " + step + " = 1 % " + step + " ORDER BY q.number";
    }

    private String fromWhere(Rows rows) {
        String inRange = key.in(rows.range());
        if (rows.parts().isEmpty()) {
            return fromWhere(inRange, "");
        }
        String inParts = rows.parts().stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", key.part(rows.cuts()) + " IN (", ")"));
        return fromWhere(inRange.isEmpty() ? inParts : inRange + " AND " + inParts, "");
    }

    private String fromWhere(String condition, String sample) {
        List<String> conditions = new ArrayList<>();
        (ofSource ? plan.pair().sourceRows() : plan.pair().targetRows())
                .ifPresent(slice -> conditions.add(slice.sql(names.dialect())));
        if (!condition.isEmpty()) {
            conditions.add(condition);
        }
        return " FROM " + (ofSource ? plan.sourceRelation() : plan.targetRelation()) + " AS t" + sample
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
    }

    private Column keyColumn(int number) {
        return column(plan.columns().get(plan.key().get(number)));
    }

    private Column column(ComparedColumn column) {
        return ofSource ? column.source() : column.target();
    }
}
