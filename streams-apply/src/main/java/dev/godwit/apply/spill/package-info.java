/**
 * Beside the data flow: the changes of transactions that do not fit into memory, in files of the local disk. Nothing in
 * them is needed after a crash: Kafka still has what they were made from.
 */
package dev.godwit.apply.spill;
