package dev.godwit.verify.checksum;

/** The query that computes checksums, one per part. */
public final class ChecksumSql {
    private ChecksumSql() {}

    /**
     * Delivers part, rows and the two sums, for parts that have rows.
     *
     * @param part SQL for the part that a row belongs to
     * @param hash SQL for the row's hash in hexadecimal
     * @param fromWhere {@code FROM ... AS t WHERE ...}
     */
    public static String of(String part, String hash, String fromWhere) {
        // OFFSET 0 keeps the hash from being computed once for each half.
        return "SELECT q.part, count(*), " + sum(1) + ", " + sum(17) + " FROM (SELECT " + part + " AS part, " + hash
                + " AS hash" + fromWhere + " OFFSET 0) AS q GROUP BY q.part";
    }

    private static String sum(int from) {
        return "sum(('x' || substr(q.hash, " + from + ", 16))::bit(64)::int8)::varchar";
    }
}
