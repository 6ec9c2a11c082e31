/**
 * The applier of one phase and direction: reads the changes of the replication source from Kafka and brings them,
 * whole transactions in commit order, into the replication target. {@link dev.godwit.apply.Applier} and
 * {@link dev.godwit.apply.Drain} are what other modules use; the packages below are its parts, in the order of the
 * data flow: decode, assemble (with the slice), schedule, write, ledger, all run by streams.
 */
package dev.godwit.apply;
