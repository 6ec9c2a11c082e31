package dev.godwit.connectors;

import java.util.Optional;

/**
 * A replication slot as its server sees it.
 *
 * @param confirmedFlushLsn everything before this is safely in Kafka; as PostgreSQL writes it, {@code 0/16B3748}
 * @param lagBytes how much WAL was written since
 * @param holder who reads it now, for messages; empty if nobody does
 * @param walStatus reserved, extended, unreserved or lost
 */
public record SlotStatus(
        String name,
        String plugin,
        String database,
        boolean active,
        Optional<String> holder,
        String confirmedFlushLsn,
        long lagBytes,
        String walStatus) {}
