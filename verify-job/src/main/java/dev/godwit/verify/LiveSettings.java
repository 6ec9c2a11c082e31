package dev.godwit.verify;

import java.time.Duration;

/**
 * How differences are checked again while replication runs.
 *
 * @param domain whose consistent point counts, of those in the target's ledger
 * @param timeout how long a table's differences may stay unsettled
 */
public record LiveSettings(String domain, Duration timeout) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
}
