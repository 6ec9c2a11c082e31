package dev.godwit.verify;

import java.util.Locale;

/**
 * Which keys of a table are looked at to find out where it can be cut.
 *
 * @param pages the share of its pages
 * @param rows the share of the rows in these pages: neighbours tell little
 */
record KeySample(double pages, double rows) {
    static final KeySample ALL = new KeySample(1, 1);

    /** What stands behind the name of the table. */
    String ofTable() {
        return pages < 1 ? String.format(Locale.ROOT, " TABLESAMPLE SYSTEM (%.6f)", pages * 100) : "";
    }

    /** A condition, together with another one that may be empty. */
    String and(String condition) {
        if (rows >= 1) {
            return condition;
        }
        String random = String.format(Locale.ROOT, "pg_catalog.random() < %.6f", rows);
        return condition.isEmpty() ? random : condition + " AND " + random;
    }

    /** The share of all keys. */
    double share() {
        return pages * rows;
    }
}
