package dev.godwit.fetch.shard;

import dev.godwit.fetch.plan.TablePlan;

/**
 * A part of a table's slice that travels by one COPY into one target transaction, or into files of its own.
 *
 * @param range the condition that cuts the part out; empty for the whole slice
 * @param number within its table, from 1
 */
public record Shard(TablePlan table, String range, int number) {

    /** The first, or only one. */
    Shard(TablePlan table, String range) {
        this(table, range, 1);
    }
}
