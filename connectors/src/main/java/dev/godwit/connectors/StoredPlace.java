package dev.godwit.connectors;

import java.time.Instant;

/**
 * Up to where a connector has brought everything into Kafka.
 *
 * @param place an LSN of PostgreSQL ({@code 0/16E8FD8}), or a place in MySQL's log ({@code mysql-bin.000003:154})
 * @param sourceTime by the source's clock, of what the connector has sent last
 */
public record StoredPlace(String place, Instant sourceTime) {}
