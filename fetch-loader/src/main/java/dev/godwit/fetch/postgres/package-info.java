/** The source's part of a load from PostgreSQL: a slot's exported snapshot, COPY, and a session of the server that keeps the snapshot. */
package dev.godwit.fetch.postgres;
