/**
 * The applier of one partition in mode immediate: changes are written as they come, and only those of one key keep their
 * order. What assemble and schedule do for whole transactions, this does for records: what has come before is known again, what a
 * unique or foreign key refuses waits aside until other partitions have brought what it needs.
 */
package dev.godwit.apply.immediate;
