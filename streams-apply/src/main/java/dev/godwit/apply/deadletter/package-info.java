/**
 * What becomes of rows that the target does not take, where the user wants them put aside instead of stopping: their
 * records go to a Kafka topic as they came, the ledger knows their keys, later changes of the same keys follow them,
 * and they can be replayed in order when the cause is mended.
 */
package dev.godwit.apply.deadletter;
