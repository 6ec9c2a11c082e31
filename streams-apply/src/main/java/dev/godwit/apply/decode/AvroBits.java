package dev.godwit.apply.decode;

/**
 * Bit strings in a changefeed's Avro: first the number of bits in use in the last word, then words of 64 bits each, the
 * first bit being the highest.
 */
final class AvroBits {
    private static final int WORD = 64;

    private AvroBits() {}

    static Json.Text text(Json.Array parts) {
        StringBuilder bits = new StringBuilder();
        int words = parts.elements().size() - 1;
        if (words < 0) {
            throw new IllegalArgumentException("a bit string without its length");
        }
        int inLast = Math.toIntExact(number(parts.elements().get(0)));
        if (inLast < 0 || inLast > WORD) {
            throw new IllegalArgumentException("a bit string whose last word has " + inLast + " bits");
        }
        for (int word = 1; word <= words; word++) {
            long value = number(parts.elements().get(word));
            int length = word == words ? inLast : WORD;
            for (int bit = 0; bit < length; bit++) {
                bits.append(value << bit < 0 ? '1' : '0');
            }
        }
        return new Json.Text(bits.toString());
    }

    private static long number(Json part) {
        if (part instanceof Json.Numeral number) {
            return Long.parseLong(number.text());
        }
        throw new IllegalArgumentException("a bit string with a part that is no number");
    }
}
