/**
 * The embedded default: real servers, started in place, that leave nothing behind.
 *
 * <p>Kafka and Kafka Connect run in this JVM, or as processes of their own where they are to be killed ({@link
 * dev.godwit.local.StackSettings#inProcesses()}); the databases are child processes.
 *
 * <h2>How everything is really gone</h2>
 *
 * <p>A {@link dev.godwit.local.WorkDirectory} has a watchdog, a small shell process that waits for the end of a pipe. The pipe ends when the
 * directory is closed and when the JVM is gone, by whatever signal. Children write their process id into the directory before they become
 * the server, so the watchdog knows all of them. An orderly close takes the same road as a crash, so it is tried in every test. Children and
 * watchdog are in sessions of their own: Ctrl-C reaches this JVM alone, and it stops its parts in the right order.
 *
 * <h2>What is surprising about these parts in one JVM</h2>
 *
 * <ul>
 *   <li>Broker and Connect worker call {@code Exit.exit} and {@code Exit.halt} when they meet something fatal; both are replaced by an
 *       exception for the whole JVM ({@link dev.godwit.local.KafkaExit}).
 *   <li>The broker does not start in a Turkish locale: {@code classic} in upper case is not {@code CLASSIC} there. While it starts, the JVM's
 *       default locale is the neutral one ({@link dev.godwit.local.RootLocale}), for all threads.
 *   <li>Two brokers get along if their node ids differ: the id is part of the names under which they register with JMX.
 *   <li>Connect gives up on a task that does not stop in time, and its threads live on, with the replication slot of Debezium: the next worker
 *       in the same JVM finds the slot taken, for ever. In a process of its own they end with the worker.
 *   <li>A broker that was killed may register again only when its former session is over ({@code broker.session.timeout.ms}).
 *   <li>Connect's {@code GET /} answers before the worker has joined its group; only {@code /health} tells that it takes connectors.
 *   <li>Connect swaps the context class loader of the thread that starts it, and adds a shutdown hook of its own, which runs beside ours:
 *       stopping twice is harmless.
 *   <li>{@code exactly.once.source.support=enabled} works with Debezium's PostgreSQL connector on one broker: measured on two cores, tasks run after 1.1
 *       instead of 0.5 seconds, latency is 25 ms more, throughput a quarter less. Readers must then use {@code read_committed}.
 *   <li>Debezium's {@code poll.interval.ms} of 500 is nearly the whole latency of a small change; the worker adds little.
 *   <li>PostgreSQL refuses root. In a user name space of its own root is nobody, and still owns its files
 *       ({@link dev.godwit.local.Unprivileged}).
 *   <li>A server that answers on the port need not be ours: with a constant password, another stack's PostgreSQL answers just as well. So the
 *       data directory is compared.
 * </ul>
 */
package dev.godwit.local;
