package dev.godwit.fetch.state;

import dev.godwit.database.catalog.TableName;

/**
 * A table of a load that is not complete.
 *
 * @param token names it
 * @param file the first of its files that is not on the target, or the first shard; empty if nothing is known of them
 * @param message why it stopped; empty if it did not say
 */
public record TableToken(String token, String fetchId, TableName table, String file, String message) {}
