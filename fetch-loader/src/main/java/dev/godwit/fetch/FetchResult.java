package dev.godwit.fetch;

import dev.godwit.database.catalog.TableName;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A finished load. Everything in it is committed on the target.
 *
 * @param fetchId the name of the load
 * @param cdcCursor the position in the source's log (LSN, GTID set) that the snapshot belongs to: the slot delivers every transaction after it, and
 *     none that the load has seen
 * @param rows how many rows each table received, ordered by table
 * @param bytes how many bytes of COPY text went through
 * @param elapsed from the first check to the last commit
 */
public record FetchResult(String fetchId, String cdcCursor, Map<TableName, Long> rows, long bytes, Duration elapsed) {
    public FetchResult {
        rows = Collections.unmodifiableMap(new TreeMap<>(rows));
    }

    public long rowsTotal() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }
}
