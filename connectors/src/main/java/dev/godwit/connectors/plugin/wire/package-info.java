/**
 * The part of PostgreSQL's wire protocol that a changefeed over SQL needs: log in, run a simple query, hand out each row as it
 * comes. A JDBC driver collects a result before it hands it out, or, with a fetch size, opens a transaction and asks for every
 * batch anew; the result of a changefeed never ends, and it must not hold a transaction open.
 *
 * <p>Needs the JDK and, for TLS files, pgjdbc, which lies beside Debezium's connector in the worker.
 */
package dev.godwit.connectors.plugin.wire;
