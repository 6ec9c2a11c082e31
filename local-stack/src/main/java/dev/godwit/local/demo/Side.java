package dev.godwit.local.demo;

/** The two ends of the migration. */
public enum Side {
    SOURCE,
    TARGET
}
