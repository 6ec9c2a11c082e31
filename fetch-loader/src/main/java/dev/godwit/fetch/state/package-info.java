/**
 * What the target remembers of a load, so that it can be continued after a crash between any two lines: tables {@code fetch}, {@code fetch_table}, {@code fetch_shard} and
 * {@code fetch_file} of the schema {@code _godwit}.
 */
package dev.godwit.fetch.state;
