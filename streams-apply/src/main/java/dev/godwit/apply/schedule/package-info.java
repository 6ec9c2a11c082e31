/**
 * Third part of the data flow: queues released transactions, hands them to the target in batches, and moves the
 * consistent point over what is applied.
 */
package dev.godwit.apply.schedule;
