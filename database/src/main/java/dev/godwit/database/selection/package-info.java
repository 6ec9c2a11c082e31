/**
 * Which tables and rows a job works on, and under which names they stand on the target, as a user of MOLT writes it: regular
 * expressions, filter files, transformation files. One implementation for all jobs.
 */
package dev.godwit.database.selection;
