package dev.godwit.fetch.schema;

import dev.godwit.database.catalog.TableName;
import java.util.Optional;

/**
 * A sequence from which a column takes its values.
 *
 * @param column the column that owns it or has it in its default
 * @param identity whether the column is an identity column and the sequence so part of it
 * @param owned whether it goes when the column goes
 * @param lastValue empty if it was never used
 */
record SequenceDefinition(
        TableName name,
        String column,
        boolean identity,
        boolean owned,
        String type,
        long start,
        long increment,
        long min,
        long max,
        long cache,
        boolean cycles,
        Optional<Long> lastValue) {

    /** Behind the name in {@code CREATE SEQUENCE}, or in the parentheses of an identity. */
    String options() {
        return optionsWithoutCycle() + (cycles ? " CYCLE" : " NO CYCLE");
    }

    String optionsWithoutCycle() {
        return "INCREMENT BY " + increment + " MINVALUE " + min + " MAXVALUE " + max + " START WITH " + start
                + " CACHE " + cache;
    }
}
