/**
 * The Kafka Streams application around all other parts: checks at the start, reading, pausing, and committing to Kafka
 * only the offsets that the ledger has made superfluous.
 */
package dev.godwit.apply.streams;
