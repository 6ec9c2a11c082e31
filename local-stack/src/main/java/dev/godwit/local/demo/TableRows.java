package dev.godwit.local.demo;

import java.sql.SQLException;

/** Rows on their way into one table. Not thread-safe. */
interface TableRows {
    /** Values may be null, {@code byte[]}, {@code String[]}, or anything whose {@code toString} the database reads. */
    void row(Object... values) throws SQLException;

    /** Sends what is left. Returns how many rows the table has got. */
    long end() throws SQLException;
}
