package dev.godwit.bench.fetch;

import java.util.Locale;

/** A table to load, made and filled by the source server itself. */
public enum FetchWorkload {
    /** Five columns and about 60 bytes a row: what each row costs. */
    NARROW(
            "narrow",
            "one table of 5 columns, about 60 bytes a row",
            5_000_000,
            "id bigint PRIMARY KEY, customer int NOT NULL, amount numeric(12,2) NOT NULL, placed_at timestamptz NOT NULL, note text",
            "i, (hashint8(i) % 100000)::int, (hashint8(i) % 100000000)::numeric / 100,"
                    + " '2024-01-01'::timestamptz + i * interval '1 second', CASE WHEN i % 5 <> 0 THEN 'note ' || hashint8(i) END"),
    /** Forty columns of mixed types and about 700 bytes a row: what each value costs. */
    WIDE("wide", "one table of 40 columns of mixed types, about 700 bytes a row", 500_000, wideColumns(), wideValues()),
    /** Values of 100 kB that do not compress: what each byte costs. */
    LARGE(
            "large",
            "one table with a text of 100 kB in each row",
            10_000,
            "id int PRIMARY KEY, document text NOT NULL",
            "i, (SELECT string_agg(md5(i::text || '-' || part), '') FROM generate_series(1, 3125) part)");

    private final String label;
    private final String description;
    private final long rows;
    private final String columns;
    private final String values;

    FetchWorkload(String label, String description, long rows, String columns, String values) {
        this.label = label;
        this.description = description;
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    private static String wideColumns() {
        StringBuilder columns = new StringBuilder("id bigint PRIMARY KEY");
        for (int i = 1; i < 40; i++) {
            String type =
                    switch (i % 8) {
                        case 0 -> "timestamptz";
                        case 1 -> "int";
                        case 2 -> "text";
                        case 3 -> "numeric(18,4)";
                        case 4 -> "boolean";
                        case 5 -> "uuid";
                        case 6 -> "double precision";
                        default -> "bigint";
                    };
            columns.append(", c").append(i).append(' ').append(type);
        }
        return columns.toString();
    }

    private static String wideValues() {
        StringBuilder values = new StringBuilder("i");
        for (int i = 1; i < 40; i++) {
            String seed = "hashint8(i + " + i + ")";
            String value =
                    switch (i % 8) {
                        case 0 -> "'2024-01-01'::timestamptz + " + seed + " * interval '1 millisecond'";
                        case 1 -> seed;
                        case 2 -> "'some text of ' || " + seed;
                        case 3 -> seed + "::numeric / 10000";
                        case 4 -> seed + " % 2 = 0";
                        case 5 -> "md5(" + seed + "::text)::uuid";
                        case 6 -> seed + " / 7.0::double precision";
                        default -> "i * 1000003 + " + i;
                    };
            values.append(", ").append(value);
        }
        return values.toString();
    }

    public String label() {
        return label;
    }

    public String description() {
        return description;
    }

    /** How many rows it has if nothing else is said. */
    public long rows() {
        return rows;
    }

    /** The table, without a schema. */
    public String table() {
        return "bench_" + label;
    }

    public String createStatement() {
        return "CREATE TABLE " + table() + " (" + columns + ")";
    }

    /** An assignment that gives a row another value, by the smallest step. */
    public String change() {
        return switch (this) {
            case NARROW -> "amount = amount + 0.01";
            case WIDE -> "c8 = c8 + interval '1 microsecond'";
            case LARGE -> "document = document || ' '";
        };
    }

    public String fillStatement(long rowsWanted) {
        return String.format(
                Locale.ROOT,
                "INSERT INTO %s SELECT %s FROM generate_series(1::bigint, %d) i",
                table(),
                values,
                rowsWanted);
    }
}
