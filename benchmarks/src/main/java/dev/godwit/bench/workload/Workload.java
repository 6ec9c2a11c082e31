package dev.godwit.bench.workload;

import java.util.Locale;

/** The histories that can be measured. */
public enum Workload {
    MIXED("three tables with foreign keys, rows picked evenly"),
    HOT_KEYS("the same three tables, rows picked by Zipf's law"),
    WIDE("one table of 30 columns");

    private final String description;

    Workload(String description) {
        this.description = description;
    }

    /** @param changesMin the history ends with the first transaction boundary at or after this number of changes */
    public History history(long changesMin, long seed) {
        return switch (this) {
            case MIXED -> new ShopHistory(changesMin, seed, false);
            case HOT_KEYS -> new ShopHistory(changesMin, seed, true);
            case WIDE -> new WideHistory(changesMin, seed);
        };
    }

    public String description() {
        return description;
    }

    /** As in options and output. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
