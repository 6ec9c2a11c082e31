package dev.godwit.fetch.shard;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.TypeKind;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.snapshot.SnapshotReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Cuts a table into ranges of its primary key, at keys that it really has: they come from a sample of its pages, so that ranges hold about as many rows each,
 * however the keys are spread. The order is the one of the key's own index, whatever its types and collations; keys have no NULL, so every row lies in
 * exactly one range.
 */
public final class KeyRanges {
    /** Up to this every key is looked at. */
    private static final long SMALL_PAGES = 1_024;

    private static final int SAMPLE_PAGES_MIN = 1_024;
    private static final int SAMPLE_PAGES_PER_RANGE = 32;
    /** Fewer keys per range say too little about where they lie. */
    private static final int KEYS_PER_RANGE_MIN = 16;

    private final Dialect dialect;
    private final TablePlan table;
    private final SnapshotReader reader;
    private final List<Column> key;

    public KeyRanges(Dialect dialect, TablePlan table, SnapshotReader reader) {
        this.dialect = dialect;
        this.table = table;
        this.reader = reader;
        this.key = table.table().primaryKeyColumns();
    }

    /** Whether there is a key, and of types whose values can be written as literals. */
    static boolean areThereFor(TablePlan table) {
        return !table.table().primaryKey().isEmpty();
    }

    /**
     * Conditions that divide the rows of the slice; one that is empty if there are too few keys.
     *
     * @param pages how many the table has
     */
    public List<String> cut(int ranges, long pages) throws SQLException {
        List<List<String>> cuts = List.of();
        double share = pages <= SMALL_PAGES
                ? 1
                : Math.min(1, (double) Math.max(SAMPLE_PAGES_MIN, (long) ranges * SAMPLE_PAGES_PER_RANGE) / pages);
        while (true) {
            Sample sample = sample(ranges, share);
            cuts = sample.cuts();
            // Of a filtered table few rows may be in a sample of its pages.
            if (share >= 1 || sample.keys() >= (long) ranges * KEYS_PER_RANGE_MIN) {
                break;
            }
            share = Math.min(1, share * 16);
        }
        return conditions(cuts);
    }

    private record Sample(long keys, List<List<String>> cuts) {}

    private Sample sample(int ranges, double share) throws SQLException {
        String texts = key.stream()
                .map(column -> "t." + dialect.quote(column.name()) + "::text AS k" + key.indexOf(column))
                .collect(Collectors.joining(", "));
        String order =
                key.stream().map(column -> "t." + dialect.quote(column.name())).collect(Collectors.joining(", "));
        String sampled =
                share >= 1 ? "" : String.format(Locale.ROOT, " TABLESAMPLE SYSTEM (%.6f) REPEATABLE (1)", share * 100);
        // The first key of each of the parts, but not of the first.
        String sql = "SELECT q.* FROM (SELECT count(*) OVER () AS keys, row_number() OVER (ORDER BY " + order
                + ") AS number, " + texts + " FROM " + dialect.quote(table.name()) + " AS t" + sampled
                + table.mapping().where(dialect) + ") AS q WHERE q.number = 1 OR (q.number - 1) * " + ranges
                + " / q.keys > (q.number - 2) * " + ranges + " / q.keys ORDER BY q.number";
        List<List<String>> cuts = new ArrayList<>();
        long keys = 0;
        try (Statement statement = reader.connection().createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    keys = row.getLong("keys");
                    if (row.getLong("number") > 1) {
                        List<String> cut = new ArrayList<>();
                        for (int i = 0; i < key.size(); i++) {
                            cut.add(row.getString("k" + i));
                        }
                        cuts.add(cut);
                    }
                }
            }
        }
        return new Sample(keys, cuts);
    }

    private List<String> conditions(List<List<String>> cuts) {
        if (cuts.isEmpty()) {
            return List.of("");
        }
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i <= cuts.size(); i++) {
            List<String> parts = new ArrayList<>();
            if (i > 0) {
                parts.add(tuple() + " >= " + literal(cuts.get(i - 1)));
            }
            if (i < cuts.size()) {
                parts.add(tuple() + " < " + literal(cuts.get(i)));
            }
            conditions.add(String.join(" AND ", parts));
        }
        return conditions;
    }

    private String tuple() {
        return key.stream().map(column -> dialect.quote(column.name())).collect(Collectors.joining(", ", "(", ")"));
    }

    private String literal(List<String> values) {
        List<String> literals = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Column column = key.get(i);
            literals.add("'" + values.get(i).replace("'", "''") + "'::" + cast(column));
        }
        return literals.stream().collect(Collectors.joining(", ", "(", ")"));
    }

    /** The type of the column itself where its own order may differ from that of the type below, else without a length. */
    private static String cast(Column column) {
        return column.type().kind() == TypeKind.CHAR ? "bpchar" : column.type().castName();
    }
}
