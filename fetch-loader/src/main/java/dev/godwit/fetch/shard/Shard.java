package dev.godwit.fetch.shard;

import dev.godwit.fetch.plan.TablePlan;

/**
 * A part of a table's slice that travels by one COPY into one target transaction.
 *
 * @param range the condition that cuts the part out; empty for the whole slice
 */
public record Shard(TablePlan table, String range) {}
