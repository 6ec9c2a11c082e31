package dev.godwit.fetch.mysql.key;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The columns of a primary key by which a table is cut, the first ones of its index, all in the same direction. Conditions are written out column by column, since MySQL finds no
 * range of row constructors by an index. Each compares a column with a literal under the column's own collation, and no column is NULL: so what is not below a key is at or above it,
 * whatever the collation takes for equal.
 *
 * @param descending whether the index has them from the largest to the smallest
 */
record CutKey(String table, List<Part> parts, boolean descending) {

    /** @param name quoted */
    record Part(String name, KeyForm form) {
        String compared(String operator, String text) {
            return name + " " + operator + " " + form.literal(text);
        }
    }

    private String above() {
        return descending ? "<" : ">";
    }

    private String below() {
        return descending ? ">" : "<";
    }

    /** Holds for the keys from one to another in the order of the index; null where there is no end. Empty if all are meant. */
    String in(List<String> from, List<String> to) {
        List<String> conditions = new ArrayList<>();
        if (from != null) {
            conditions.add(written(from, 0, above(), "="));
        }
        if (to != null) {
            conditions.add(written(to, 0, below(), ""));
        }
        return String.join(" AND ", conditions);
    }

    /** @param orEqual whether the key itself is meant, too: {@code =} or nothing */
    private String written(List<String> key, int column, String operator, String orEqual) {
        Part part = parts.get(column);
        String text = key.get(column);
        if (column == key.size() - 1) {
            return part.compared(operator + orEqual, text);
        }
        return "(" + part.compared(operator, text) + " OR (" + part.compared("=", text) + " AND "
                + written(key, column + 1, operator, orEqual) + "))";
    }

    private String from() {
        return " FROM " + table + " FORCE INDEX (PRIMARY)";
    }

    private String selected() {
        return parts.stream().map(part -> part.form().selected(part.name())).collect(Collectors.joining(", "));
    }

    private String ordered(boolean backwards) {
        String direction = descending == backwards ? "" : " DESC";
        return parts.stream().map(part -> part.name() + direction).collect(Collectors.joining(", ", " ORDER BY ", ""));
    }

    /** The first key of all, or the last. */
    String end(boolean last) {
        return "SELECT " + selected() + from() + ordered(last) + " LIMIT 1";
    }

    /**
     * The first key at or above one, which may be shorter than keys are; behind its columns whether it is within two keys.
     *
     * <p>Each of the queries reads one range of the index; of one over all of them MySQL would perhaps sort the rows.
     */
    String firstFrom(List<String> key, List<String> above, List<String> last) {
        String within = ", " + written(above, 0, above(), "") + ", " + written(last, 0, below(), "=");
        return nearest(key, above(), "=", within, false);
    }

    /** The first key above one; behind its columns whether it is not beyond another. */
    String next(List<String> key, List<String> last) {
        return nearest(key, above(), "", ", " + written(last, 0, below(), "="), false);
    }

    /** The last key below one. */
    String before(List<String> key) {
        return nearest(key, below(), "", "", true);
    }

    private String nearest(List<String> key, String operator, String orEqual, String also, boolean backwards) {
        List<String> queries = new ArrayList<>();
        for (int tier = key.size() - 1; tier >= 0; tier--) {
            List<String> conditions = IntStream.range(0, tier)
                    .mapToObj(i -> parts.get(i).compared("=", key.get(i)))
                    .collect(Collectors.toCollection(ArrayList::new));
            conditions.add(parts.get(tier).compared(operator + (tier == key.size() - 1 ? orEqual : ""), key.get(tier)));
            queries.add("(SELECT " + selected() + also + from() + " WHERE " + String.join(" AND ", conditions)
                    + ordered(backwards) + " LIMIT 1)");
        }
        return String.join(" UNION ALL ", queries) + " LIMIT 1";
    }

    /**
     * How many rows the server guesses, by a look at the ends of the range in the index.
     *
     * @param slice empty for all rows
     */
    String guess(List<String> from, List<String> to, String slice) {
        String range = in(from, to);
        String condition = String.join(
                " AND ",
                List.of(slice, range).stream().filter(each -> !each.isEmpty()).toList());
        return "EXPLAIN FORMAT = TRADITIONAL SELECT 1" + from() + (condition.isEmpty() ? "" : " WHERE " + condition);
    }

    /** A key, perhaps shorter than others and one that no row has, about in the middle of two; empty if none is known. */
    List<String> between(List<String> low, List<String> high) throws SQLException {
        for (int i = 0; i < parts.size(); i++) {
            Optional<String> middle = low.get(i).equals(high.get(i))
                    ? Optional.empty()
                    : parts.get(i).form().between(low.get(i), high.get(i));
            if (middle.isPresent()) {
                List<String> key = new ArrayList<>(low.subList(0, i));
                key.add(middle.get());
                return key;
            }
        }
        return List.of();
    }
}
