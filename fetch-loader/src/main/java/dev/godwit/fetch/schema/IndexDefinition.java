package dev.godwit.fetch.schema;

import java.util.List;

/**
 * An index that belongs to no constraint.
 *
 * @param statement the whole {@code CREATE INDEX} of the source
 * @param method {@code btree}, {@code gin} and so on
 * @param columns the columns of the table that it is about, also in expressions and in its condition
 */
record IndexDefinition(String name, String statement, String method, List<String> columns) {}
