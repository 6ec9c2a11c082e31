package dev.godwit.fetch.mysql.key;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/** Integers, signed or not, decimals, bits, years. */
record NumberForm(String selecting) implements KeyForm {
    /** Plus zero makes numbers of years and bits. */
    static final NumberForm INTEGER = new NumberForm("CAST(%s + 0 AS CHAR)");

    static final NumberForm BITS = new NumberForm("CAST(CAST(%s AS UNSIGNED) AS CHAR)");

    static final NumberForm DECIMAL = new NumberForm("CAST(%s AS CHAR)");

    @Override
    public String selected(String column) {
        return String.format(selecting, column);
    }

    @Override
    public String literal(String text) {
        return new BigDecimal(text).toPlainString();
    }

    @Override
    public Optional<String> between(String low, String high) {
        BigDecimal first = new BigDecimal(low);
        BigDecimal second = new BigDecimal(high);
        int scale = Math.max(first.scale(), second.scale());
        return middle(
                        first.setScale(scale).unscaledValue(),
                        second.setScale(scale).unscaledValue())
                .map(number -> new BigDecimal(number, scale).toPlainString());
    }

    /** Above the lower one, and not above the upper one; empty if they are equal. */
    static Optional<BigInteger> middle(BigInteger one, BigInteger other) {
        if (one.equals(other)) {
            return Optional.empty();
        }
        BigInteger low = one.min(other);
        return Optional.of(
                low.add(one.max(other).subtract(low).add(BigInteger.ONE).shiftRight(1)));
    }
}
