package dev.godwit.bench.workload;

import java.time.LocalDateTime;
import java.util.SplittableRandom;

/** Seeded values in PostgreSQL's input form. */
final class RandomValues {
    private static final String[] WORDS = {
        "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "islet", "juniper", "knoll", "lagoon",
        "marsh", "north", "otter", "plover", "quartz", "ridge", "shoal", "tundra", "umber", "valley", "willow", "zephyr"
    };
    private static final LocalDateTime EPOCH = LocalDateTime.of(2024, 1, 1, 0, 0);

    private final SplittableRandom random;

    RandomValues(SplittableRandom random) {
        this.random = random;
    }

    String word() {
        return WORDS[random.nextInt(WORDS.length)];
    }

    String words(int count) {
        StringBuilder text = new StringBuilder(word());
        for (int i = 1; i < count; i++) {
            text.append(' ').append(word());
        }
        return text.toString();
    }

    String integer(int bound) {
        return Integer.toString(random.nextInt(bound));
    }

    /** A decimal with two digits behind the point. */
    String amount(int bound) {
        int cents = random.nextInt(100);
        return random.nextInt(bound) + (cents < 10 ? ".0" : ".") + cents;
    }

    String bool() {
        return Boolean.toString(random.nextBoolean());
    }

    String timestamp() {
        return EPOCH.plusNanos(random.nextLong(60_000_000_000_000_000L / 1_000) * 1_000)
                .toString();
    }

    String timestampWithZone() {
        return timestamp() + "Z";
    }

    String real() {
        return Float.toString(random.nextInt(1_000_000) / 64f);
    }

    String doublePrecision() {
        return Double.toString(random.nextDouble() * 1e6);
    }

    String uuid() {
        return new java.util.UUID(random.nextLong(), random.nextLong()).toString();
    }

    String json() {
        return "{\"kind\": \"" + word() + "\", \"size\": " + random.nextInt(1_000) + "}";
    }

    /** Now and then NULL, as in real tables. */
    String orNull(String value) {
        return random.nextInt(20) == 0 ? null : value;
    }

    String of(ValueKind kind) {
        return switch (kind) {
            case SMALLINT -> integer(30_000);
            case INTEGER -> integer(Integer.MAX_VALUE);
            case BIGINT -> Long.toString(random.nextLong());
            case BOOLEAN -> bool();
            case REAL -> real();
            case DOUBLE_PRECISION -> doublePrecision();
            case NUMERIC -> amount(1_000_000);
            case TEXT -> words(3);
            case UUID -> uuid();
            case JSONB -> json();
            case TIMESTAMPTZ -> timestampWithZone();
        };
    }
}
