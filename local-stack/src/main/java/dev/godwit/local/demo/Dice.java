package dev.godwit.local.demo;

import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;

/** Random choices from a seed. Not thread-safe. */
final class Dice {
    private final SplittableRandom random;

    Dice(long... seeds) {
        long mixed = 0x9E3779B97F4A7C15L;
        for (long seed : seeds) {
            mixed = (mixed ^ seed) * 0xBF58476D1CE4E5B9L;
            mixed ^= mixed >>> 29;
        }
        this.random = new SplittableRandom(mixed);
    }

    /** From 0 to {@code bound - 1}. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** From 0 to {@code bound - 1}. */
    long below(long bound) {
        return random.nextLong(bound);
    }

    boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** With two decimals. */
    BigDecimal money(int fromCents, int toCents) {
        return BigDecimal.valueOf(random.nextInt(fromCents, toCents), 2);
    }

    double number() {
        return random.nextDouble();
    }

    long bits() {
        return random.nextLong();
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
