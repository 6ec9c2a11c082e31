/**
 * The stand-in for CockroachDB's changefeed, where the local target is PostgreSQL.
 *
 * <pre>
 * WAL ─► pgoutput ─► LogMessageDecoder ─► FeedTransaction (fold by key) ─► FeedSink ─► a topic per table
 *                                                  FeedState (position, clock) ─► resolved ─► every partition
 * </pre>
 *
 * <p>How a value is written was learned from messages of a real CockroachDB, which are test data of this module. Not modelled: the initial scan,
 * re-sending a table after a schema change, computed columns, formats other than wrapped JSON.
 */
package dev.godwit.local.changefeed;
