/** Tells people, programs, the log and Prometheus how a load goes on. */
package dev.godwit.fetch.report;
