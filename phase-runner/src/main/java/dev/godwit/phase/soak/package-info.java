/**
 * {@code godwit soak}: live traffic on the local stack while appliers, Kafka Connect, the broker and the target are killed
 * at random, with a reader who notices every step back, and a comparison of all rows at the end.
 */
package dev.godwit.phase.soak;
