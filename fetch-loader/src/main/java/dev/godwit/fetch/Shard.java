package dev.godwit.fetch;

/**
 * A part of a table's slice that travels by one COPY into one target transaction.
 *
 * @param range the condition that cuts the part out; empty for the whole slice
 */
record Shard(TablePlan table, String range) {}
