/**
 * Second part of the data flow: events, repeated and out of order between topics, become whole transactions of the
 * phase's slice, released once each and in commit order. Also keeps the restart offsets: from where a new owner would
 * have to read.
 */
package dev.godwit.apply.assemble;
