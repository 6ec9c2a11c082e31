package dev.godwit.verify.checksum;

import dev.godwit.database.dialect.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The queries that compute checksums, one per part of a key range. They deliver part, rows and digest; a part without rows may lack.
 *
 * <p>There are two digests. <em>Ordered</em>: one hash over all rows of the part, in key order. It costs least, but the rows must come in that order
 * anyway, and a part must not be large, as its bytes are in the database's memory at once. <em>Summed</em>: the sums of the first and of the second
 * 64 bits of the rows' hashes. It needs neither, and costs a hash per row. Sums do not depend on the order of rows, and unlike XOR
 * two equal rows do not cancel each other.
 */
public final class ChecksumSql {
    private final SqlNames names;
    private final SplitKey key;
    private final RowEncoding encoding;
    private final String row;
    private final FromWhere fromWhere;

    /** {@code FROM ... AS t WHERE ...} for the rows of the slice for which a condition holds; the condition may be empty. */
    public interface FromWhere {
        String of(String condition);
    }

    public ChecksumSql(
            Dialect dialect, SplitKey key, RowEncoding encoding, List<RowColumn> columns, FromWhere fromWhere) {
        this.names = new SqlNames(dialect);
        this.key = key;
        this.encoding = encoding;
        this.row = encoding.row(names, columns);
        this.fromWhere = fromWhere;
    }

    /** Summed digests. */
    public KeyQuery summed(KeyRange range, List<List<String>> cuts) {
        if (names.isMysql()) {
            // A row of which MySQL could make no hash must not be passed over.
            return KeyQuery.of("SELECT q.part, COUNT(*), IF(COUNT(*) = COUNT(q.hash), CONCAT(" + mysqlSum(1) + ", ' ', "
                    + mysqlSum(17) + "), NULL) FROM (SELECT " + key.part(cuts) + " AS part, "
                    + encoding.hash(names, row) + " AS hash" + fromWhere.of(key.in(range)) + ") AS q GROUP BY q.part");
        }
        // OFFSET 0 keeps the hash from being computed once for each half.
        return KeyQuery.of("SELECT q.part, count(*), " + sum(1) + " || ' ' || " + sum(17) + " FROM (SELECT "
                + key.part(cuts)
                + " AS part, " + encoding.hash(names, row) + " AS hash" + fromWhere.of(key.in(range))
                + " OFFSET 0) AS q GROUP BY q.part");
    }

    /** The sum of integers is exact, a decimal. */
    private static String mysqlSum(int from) {
        return "SUM(CAST(CONV(SUBSTR(q.hash, " + from + ", 16), 16, -10) AS SIGNED))";
    }

    private String sum(int from) {
        return "sum(" + (names.isCockroach() ? cockroachNumber(from) : number(from)) + ")::varchar";
    }

    static String number(int from) {
        return "('x'||substr(q.hash, " + from + ", 16))::bit(64)::int8";
    }

    /** Its bit strings are made of binary digits only; its integers may be hexadecimal, as long as they fit with their sign. */
    static String cockroachNumber(int from) {
        return "((('0x'||substr(q.hash, " + from + ", 8))::int8 << 32) | ('0x'||substr(q.hash, " + (from + 8)
                + ", 8))::int8)";
    }

    /**
     * Ordered digests, by queries that each deliver some of the parts. That rows come in order is not relied on: with another order on one side the
     * digests differ, that is all.
     */
    public List<KeyQuery> ordered(KeyRange range, List<List<String>> cuts) {
        return names.isCockroach() ? List.of(KeyQuery.of(orderedByGroups(range, cuts))) : byIndex(range, cuts);
    }

    /** PostgreSQL reads each part by the index, in its order: neither sorting nor grouping is left to do. */
    private List<KeyQuery> byIndex(KeyRange range, List<List<String>> cuts) {
        List<String> open = new ArrayList<>();
        List<Integer> closed = new ArrayList<>();
        for (int i = 0; i <= cuts.size(); i++) {
            KeyRange part = range.part(cuts, i);
            if (part.from().isEmpty() || part.to().isEmpty()) {
                open.add("SELECT " + i + ", p.number, p.digest FROM " + digest(key.in(part)) + " AS p");
            } else {
                closed.add(i);
            }
        }
        List<KeyQuery> queries = new ArrayList<>();
        if (!open.isEmpty()) {
            queries.add(KeyQuery.of(String.join(" UNION ALL ", open)));
        }
        if (!closed.isEmpty()) {
            List<KeyRange> parts =
                    closed.stream().map(number -> range.part(cuts, number)).toList();
            String digest =
                    digest(key.between(qualified(key.columns("_godwit_from")), qualified(key.columns("_godwit_to"))));
            queries.add(
                    KeyQuery.isAmbiguous(digest)
                            ? KeyQuery.of(ofParts(literals(closed, parts), digest))
                            : new KeyQuery(ofParts(arrays(), digest), parameters(closed, parts)));
        }
        return queries;
    }

    private String ofParts(String list, String digest) {
        return "SELECT b._godwit_part, p.number, p.digest FROM " + list + " AS b(_godwit_part, "
                + String.join(", ", key.columns("_godwit_from")) + ", "
                + String.join(", ", key.columns("_godwit_to")) + ") CROSS JOIN LATERAL " + digest + " AS p";
    }

    private String literals(List<Integer> numbers, List<KeyRange> parts) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            rows.add("(" + numbers.get(i) + ", " + key.literals(parts.get(i).from()) + ", "
                    + key.literals(parts.get(i).to()) + ")");
        }
        return "(VALUES " + String.join(", ", rows) + ")";
    }

    private String arrays() {
        String ends = key.casts().stream().map(cast -> "?::" + cast + "[]").collect(Collectors.joining(", "));
        return "unnest(?::int4[], " + ends + ", " + ends + ")";
    }

    private List<String> parameters(List<Integer> numbers, List<KeyRange> parts) {
        List<String> arrays = new ArrayList<>();
        arrays.add(KeyQuery.array(numbers.stream().map(String::valueOf).toList()));
        for (List<List<String>> ends : List.of(
                parts.stream().map(KeyRange::from).toList(),
                parts.stream().map(KeyRange::to).toList())) {
            KeyQuery.byColumn(ends, key.casts().size()).forEach(column -> arrays.add(KeyQuery.array(column)));
        }
        return arrays;
    }

    private static String qualified(List<String> columns) {
        return columns.stream().map(column -> "b." + column).collect(Collectors.joining(", ", "(", ")"));
    }

    private String digest(String condition) {
        return "(SELECT count(*) AS number, "
                + encoding.digest(names, "pg_catalog.string_agg(" + encoding.capped(names, "q.bytes") + ", '')")
                + " AS digest FROM (SELECT " + row + " AS bytes" + fromWhere.of(condition) + " ORDER BY "
                + key.orderBy()
                + ") AS q)";
    }

    /** The same in one pass over the range, for a product that would not read the parts of a list by the index. */
    public String orderedByGroups(KeyRange range, List<List<String>> cuts) {
        List<String> order = key.columns("k", key.order().size());
        StringBuilder ordered = new StringBuilder();
        for (int i = 0; i < order.size(); i++) {
            ordered.append(", ").append(key.order().get(i)).append(" AS ").append(order.get(i));
        }
        String aggregate = "string_agg(" + encoding.capped(names, "q.bytes") + ", '' ORDER BY "
                + order.stream().map(column -> "q." + column).collect(Collectors.joining(", ")) + ")";
        return "SELECT q.part, count(*), " + encoding.digest(names, aggregate) + " FROM (SELECT " + key.part(cuts)
                + " AS part, " + row + " AS bytes" + ordered + fromWhere.of(key.in(range)) + ") AS q GROUP BY q.part";
    }
}
