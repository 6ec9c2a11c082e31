package dev.godwit.fetch.mysql.key;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Texts, as the hexadecimal digits of their UTF-8. MySQL compares them under the column's own collation, and turns the literal into the column's character set.
 *
 * @param alphabet the order of characters, which only helps to guess well
 */
record TextForm(Alphabet alphabet) implements KeyForm {
    private static final int PRECISION = 3;

    @Override
    public String selected(String column) {
        return "HEX(CONVERT(" + column + " USING utf8mb4))";
    }

    @Override
    public String literal(String text) {
        return "_utf8mb4 X'" + text + "'";
    }

    @Override
    public Optional<String> between(String low, String high) throws SQLException {
        int[] first = characters(low);
        int[] second = characters(high);
        alphabet.learn(first);
        alphabet.learn(second);
        Digits.Middle middle =
                Digits.between(alphabet.ranks(first), alphabet.ranks(second), alphabet.ranksMax() + 1, PRECISION);
        if (middle == null) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(first.length, middle.shared()); i++) {
            text.appendCodePoint(first[i]);
        }
        middle.own().forEach(rank -> text.appendCodePoint(alphabet.character(rank)));
        return Optional.of(
                HexFormat.of().withUpperCase().formatHex(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static int[] characters(String hexadecimal) {
        return new String(HexFormat.of().parseHex(hexadecimal), StandardCharsets.UTF_8)
                .codePoints()
                .toArray();
    }
}
