package dev.godwit.verify;

import dev.godwit.verify.live.LiveDomains;
import java.time.Duration;

/**
 * How differences are checked again while replication runs.
 *
 * @param domains whose consistent points count, of those in the target's ledger
 * @param timeout how long a table's differences may stay unsettled
 * @param rowsPerQuery so many rows are read again at a time
 */
public record LiveSettings(LiveDomains domains, Duration timeout, int rowsPerQuery) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

    /** What a query with so many keys still does by the index. */
    static final int DEFAULT_ROWS_PER_QUERY = 500;

    public LiveSettings(LiveDomains domains, Duration timeout) {
        this(domains, timeout, DEFAULT_ROWS_PER_QUERY);
    }
}
