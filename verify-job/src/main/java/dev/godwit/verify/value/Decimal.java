package dev.godwit.verify.value;

import java.math.BigDecimal;

/**
 * A number of any size, or one of the three that are none, in PostgreSQL's order: -Infinity, the numbers, Infinity, NaN.
 *
 * @param rank -1 for -Infinity, 0 for a number, 1 for Infinity, 2 for NaN
 * @param number without trailing zeros, so that equal numbers are equal objects; zero where it is none
 */
record Decimal(int rank, BigDecimal number) implements Comparable<Decimal> {

    static Decimal parse(String text) {
        return switch (text) {
            case "NaN" -> new Decimal(2, BigDecimal.ZERO);
            case "Infinity", "+Inf", "Inf" -> new Decimal(1, BigDecimal.ZERO);
            case "-Infinity", "-Inf" -> new Decimal(-1, BigDecimal.ZERO);
            default -> of(new BigDecimal(text));
        };
    }

    static Decimal of(BigDecimal number) {
        return new Decimal(0, number.stripTrailingZeros());
    }

    @Override
    public int compareTo(Decimal other) {
        return rank != other.rank ? Integer.compare(rank, other.rank) : number.compareTo(other.number);
    }
}
