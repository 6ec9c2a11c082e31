package dev.godwit.fetch.state;

import dev.godwit.database.catalog.TableName;

/**
 * A shard as the target remembers it.
 *
 * @param table on the source
 * @param number from 1
 * @param condition which of the table's rows it holds
 * @param done whether its rows are on the target, or in whole files
 */
public record ShardState(TableName table, int number, String condition, boolean done, long rows, long bytes) {}
