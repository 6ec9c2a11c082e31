package dev.godwit.fetch.state;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.file.FilePart;
import java.util.OptionalLong;

/**
 * A whole file as the target remembers it.
 *
 * @param table on the source
 * @param imported whether its rows are on the target
 * @param job that imports it, as far as known
 */
public record FileState(TableName table, FilePart part, boolean imported, OptionalLong job) {}
