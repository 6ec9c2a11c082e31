package dev.godwit.connectors;

import java.util.Locale;

/** Which way changes flow. */
public enum Direction {
    /** From the source of the migration to its target. */
    FORWARD,
    /** From the target back to the source. */
    FAILBACK;

    /** As it stands in the names of topics and domains: {@code forward}, {@code failback}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
