/**
 * Intermediate files: rows go into files of a bounded size, in the text form of PostgreSQL's COPY (which {@code COPY FROM}
 * and {@code IMPORT INTO ... PGCOPY DATA} read, and in which no value changes); a manifest tells when all of them are
 * there.
 */
package dev.godwit.fetch.file;
