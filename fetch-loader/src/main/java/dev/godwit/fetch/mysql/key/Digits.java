package dev.godwit.fetch.mysql.key;

import java.util.Arrays;
import java.util.List;

/** Texts and bytes as fractions: their characters are the digits, from 1, and where they have ended the digits are 0. */
final class Digits {
    private Digits() {}

    /**
     * @param shared how many digits at the beginning both have in common
     * @param own what follows them
     */
    record Middle(int shared, List<Integer> own) {}

    /**
     * A fraction about in the middle of two, above the lower one and not above the upper one; null if they are equal.
     *
     * @param radix above every digit
     * @param precision how many digits behind the first that differs are looked at; the radix to that power must be a long
     */
    static Middle between(int[] one, int[] other, int radix, int precision) {
        int shared = 0;
        while (digit(one, shared) == digit(other, shared)) {
            if (shared >= one.length && shared >= other.length) {
                return null;
            }
            shared++;
        }
        long first = number(one, shared, radix, precision);
        long second = number(other, shared, radix, precision);
        long low = Math.min(first, second);
        return new Middle(shared, digits(low + (Math.max(first, second) - low + 1) / 2, radix, precision));
    }

    private static int digit(int[] digits, int place) {
        return place < digits.length ? digits[place] : 0;
    }

    private static long number(int[] digits, int from, int radix, int precision) {
        long number = 0;
        for (int i = 0; i < precision; i++) {
            number = number * radix + digit(digits, from + i);
        }
        return number;
    }

    /** Up to the first that is no character. */
    private static List<Integer> digits(long number, int radix, int precision) {
        Integer[] digits = new Integer[precision];
        long rest = number;
        for (int i = precision - 1; i >= 0; i--) {
            digits[i] = (int) (rest % radix);
            rest /= radix;
        }
        List<Integer> all = Arrays.asList(digits);
        int end = all.indexOf(0);
        return end < 0 ? all : all.subList(0, end);
    }
}
