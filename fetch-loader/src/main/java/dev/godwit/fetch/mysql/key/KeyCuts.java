package dev.godwit.fetch.mysql.key;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.ColumnType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts one table into ranges of its primary key. Used by one thread. */
public final class KeyCuts {
    /** Of each of them MySQL reads these many to guess how many rows lie in a range; then the guess is exact. */
    private static final int PAGES_EXACT = 6;
    /** From here on all guesses are of the same kind. */
    private static final int PAGES_MANY = 40;

    private static final int PAGE_BYTES = 16 << 10;
    private static final int LEAVES_PER_PIECE = 4;
    private static final int EXACT_LEAVES_MAX = 20_000;

    private final CutKey key;
    private final FirstRow server;

    private KeyCuts(CutKey key, FirstRow server) {
        this.key = key;
        this.server = server;
    }

    /** Empty if the key does not begin with a column whose values MySQL finds in a range by the index. */
    public static Optional<KeyCuts> of(Dialect dialect, Table table, FirstRow server) throws SQLException {
        List<CutKey.Part> parts = new ArrayList<>();
        List<Character> directions = directions(dialect, table, server);
        for (Column column : table.primaryKeyColumns()) {
            // Backwards through an index of several directions MySQL would sort all rows.
            boolean alike = parts.size() < directions.size()
                    && directions.get(parts.size()).equals(directions.get(0));
            Optional<KeyForm> form = alike ? form(column.type(), server) : Optional.empty();
            if (form.isEmpty()) {
                break;
            }
            parts.add(new CutKey.Part(dialect.quote(column.name()), form.get()));
        }
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new KeyCuts(new CutKey(dialect.quote(table.name()), parts, directions.get(0) == 'D'), server));
    }

    /** A or D for each column of the key, up to the first of which the index has the beginning only. */
    private static List<Character> directions(Dialect dialect, Table table, FirstRow server) throws SQLException {
        List<String> found = server.of("SELECT GROUP_CONCAT(IF(sub_part IS NULL, collation, '-') ORDER BY seq_in_index"
                + " SEPARATOR '') FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name ="
                + " 'PRIMARY' AND table_name = " + dialect.literal(table.name().name()));
        List<Character> directions = new ArrayList<>();
        if (!found.isEmpty() && found.get(0) != null) {
            for (char each : found.get(0).toCharArray()) {
                if (each == '-') {
                    break;
                }
                directions.add(each);
            }
        }
        return directions;
    }

    /** Of the rest, MySQL serves no range by an index (enums, sets), or comparing with a literal is not exact (floats). */
    private static Optional<KeyForm> form(ColumnType type, FirstRow server) {
        return Optional.ofNullable(
                switch (type.kind()) {
                    case BOOLEAN, INTEGER -> NumberForm.INTEGER;
                    case DECIMAL -> NumberForm.DECIMAL;
                    case BIT -> NumberForm.BITS;
                    case DATE -> TimeForm.DATE;
                    case TIME, INTERVAL -> TimeForm.TIME;
                    case TIMESTAMP, TIMESTAMPTZ -> TimeForm.TIMESTAMP;
                    case BYTES -> new BytesForm();
                    case CHAR, TEXT ->
                        switch (type.baseName()) {
                            case "char", "varchar" -> new TextForm(new Alphabet(type.castName(), server));
                            default -> null;
                        };
                    default -> null;
                });
    }

    /**
     * Conditions that divide the rows, for use behind {@code AND}; one that is empty if there are too few keys.
     *
     * @param pieces how many are wanted
     * @param slice the rows that are meant; empty for all
     * @param rows how many the table has
     * @param bytes how large it is
     */
    public List<String> ranges(int pieces, String slice, long rows, long bytes) throws SQLException {
        List<List<String>> cuts = new EvenCuts(key, slice, server).find(pieces, leafRows(pieces, rows, bytes));
        List<String> ranges = new ArrayList<>();
        for (int i = 0; i <= cuts.size(); i++) {
            ranges.add(key.in(i == 0 ? null : cuts.get(i - 1), i == cuts.size() ? null : cuts.get(i)));
        }
        return ranges;
    }

    /** Pieces that are divided no further have few pages, or many: between the two guesses are of two kinds, of which one is twice the other. */
    private static long leafRows(int pieces, long rows, long bytes) {
        double pages = Math.max(1, (double) bytes / PAGE_BYTES);
        double leafPages = pages / pieces / LEAVES_PER_PIECE;
        if (leafPages < PAGES_MANY && pages / PAGES_EXACT <= EXACT_LEAVES_MAX) {
            leafPages = Math.min(leafPages, PAGES_EXACT);
        }
        return Math.max(1, (long) (rows * leafPages / pages));
    }
}
