package dev.godwit.local.database;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes filters as a user might write them, over the columns of {@link RowFilterMeaningTest}'s table. */
final class RandomFilter {
    private static final List<String> ORDERED = List.of("i2", "i4", "i8", "n", "n2", "d", "di");

    /** Column as written in a filter, and literals of its type that are also among the values of its rows, or close to them. */
    private static final Map<String, List<String>> LITERALS = Map.ofEntries(
            Map.entry(
                    "i2", List.of("0", "-1", "+7", "'7'", "32767", "-32768", "1.5", "'-32768'", "70000", "007", ".5")),
            Map.entry("I4", List.of("0", "-1", "7.0", "2147483647", "-2147483648", "1e3", "'+1000'", "-0")),
            Map.entry("i8", List.of("0", "-9223372036854775808", "9223372036854775807", "99999999999999999999", "- 1")),
            Map.entry(
                    "n",
                    List.of(
                            "0",
                            "'NaN'",
                            "'Infinity'",
                            "'-Infinity'",
                            "1.50",
                            "'1.5'",
                            "-0.0",
                            "1e-20",
                            "1E+100",
                            "5.")),
            Map.entry("n2", List.of("0.01", "-0.01", "'NaN'", "12.30", "12.3", "-99999.99")),
            Map.entry(
                    "t",
                    List.of(
                            "''",
                            "' '",
                            "'a'",
                            "'A'",
                            "'it''s'",
                            "'a\\'",
                            "'\\''x'",
                            "'ä'",
                            "'a -- b'",
                            "'/* ; */'",
                            "'😀'",
                            "'\n'",
                            "'NULL'",
                            "'\"q\"'",
                            "'$$'",
                            "'%'",
                            "'ﬀ'")),
            Map.entry("v", List.of("''", "'abc'", "'abc '", "'abc  '", "' abc'", "'ABC'")),
            Map.entry("c", List.of("''", "'ab'", "'ab '", "'ab   '", "'ab\t'", "' ab'", "'abcde'", "'abcdef'")),
            Map.entry(
                    "u",
                    List.of(
                            "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
                            "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
                            "'00000000-0000-0000-0000-000000000000'")),
            Map.entry("e", List.of("'eu'", "'us east'", "'O''Brien'")),
            Map.entry("b", List.of("TRUE", "false", "'t'", "'F'", "'yes'", "'0'", "true")),
            Map.entry(
                    "d",
                    List.of(
                            "'2024-02-29'",
                            "'1970-01-01'",
                            "'infinity'",
                            "'-infinity'",
                            "'0044-03-15 BC'",
                            "'0001-01-01'",
                            "'0001-12-31 BC'",
                            "'12345-06-07'",
                            "'4714-11-24 BC'",
                            "'5874897-12-31'")),
            Map.entry("\"di\"", List.of("7", "'7'", "-8")),
            Map.entry("dt", List.of("'a'", "'b '", "''")),
            Map.entry("\"Odd \"\"Name\"\"\"", List.of("'x'", "'\"'", "''''")),
            Map.entry("\"user\"", List.of("'x'", "'postgres'")));

    private final Random random;

    RandomFilter(Random random) {
        this.random = random;
    }

    String next() {
        return condition(4);
    }

    private String condition(int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(8)) {
            case 1 -> condition(depth - 1) + blank() + word("and") + blank() + condition(depth - 1);
            case 2, 3 -> condition(depth - 1) + blank() + word("or") + blank() + condition(depth - 1);
            case 4 -> "(" + condition(depth - 1) + ")";
            case 5 -> word("not") + blank() + predicate();
            case 6 -> word("not") + "(" + condition(depth - 1) + ")";
            case 7 -> word("not") + " " + word("not") + " " + predicate();
            default -> predicate();
        };
    }

    private String predicate() {
        String column = pick(List.copyOf(LITERALS.keySet().stream().sorted().toList()));
        boolean ordered = ORDERED.contains(column.replace("\"", "").toLowerCase(Locale.ROOT));
        return switch (random.nextInt(8)) {
            case 0 ->
                column
                        + blank()
                        + word("is")
                        + blank()
                        + (random.nextBoolean() ? "" : word("not") + " ")
                        + word("null");
            case 1 -> column + pick(List.of(" ISNULL", " notnull"));
            case 2 ->
                column + " " + (random.nextBoolean() ? "" : word("not") + " ") + word("in") + blank().strip() + "("
                        + Stream.generate(() -> literal(column))
                                .limit(1 + random.nextInt(4))
                                .collect(Collectors.joining("," + blank()))
                        + ")";
            case 3 -> ordered ? between(column) : equality(column);
            case 4 -> column.equals("b") || random.nextInt(3) == 0 ? "b" : equality(column);
            case 5, 6 -> ordered ? order(column) : equality(column);
            default -> equality(column);
        };
    }

    private String equality(String column) {
        String operator = pick(List.of("=", "<>", "!="));
        return random.nextInt(4) == 0
                ? literal(column) + " " + operator + blank() + column
                : column + blank() + operator + " " + literal(column);
    }

    private String order(String column) {
        String operator = pick(List.of("<", "<=", ">", ">="));
        return random.nextInt(4) == 0
                ? orderLiteral(column) + " " + operator + blank() + column
                : column + operator + orderLiteral(column);
    }

    private String between(String column) {
        return column + " " + (random.nextBoolean() ? "" : word("not") + " ") + word("between") + " "
                + orderLiteral(column) + " " + word("and") + " " + orderLiteral(column);
    }

    private String orderLiteral(String column) {
        String literal = literal(column);
        return literal.equals("'NaN'") ? "0" : literal;
    }

    private String literal(String column) {
        return random.nextInt(12) == 0 ? word("null") : pick(LITERALS.get(column));
    }

    private String word(String keyword) {
        return random.nextBoolean() ? keyword : keyword.toUpperCase(Locale.ROOT);
    }

    private String blank() {
        return pick(List.of(" ", " ", "  ", "\n", "\t"));
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
