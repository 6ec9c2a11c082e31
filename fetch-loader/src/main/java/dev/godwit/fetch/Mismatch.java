package dev.godwit.fetch;

import dev.godwit.database.catalog.TableName;

/**
 * A way in which source and target differ.
 *
 * @param tag what kind of difference, for programs: lower case with underscores
 * @param table by its name on the source
 * @param message names table and column, and both sides
 * @param stops whether the load is refused because of it; if not, it is a warning
 */
public record Mismatch(String tag, TableName table, String message, String remedy, boolean stops) {}
