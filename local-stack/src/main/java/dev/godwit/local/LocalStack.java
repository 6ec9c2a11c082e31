package dev.godwit.local;

import dev.godwit.local.StackSettings.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that a migration needs, in place: a Kafka broker, a Kafka Connect worker with Debezium, a source and a target database.
 *
 * <p>All of it lives in one temporary directory and on free loopback ports, so that any number of stacks may run side by side, in one JVM or
 * in several. It is gone after {@link #close()}, after a failed start, after Ctrl-C (a shutdown hook), and also when the JVM is killed (see
 * {@code package-info}).
 *
 * <p>Threads: {@code close} may be called from any thread, also while another is closing; it returns when everything is gone.
 */
public final class LocalStack implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalStack.class);

    private final StackSettings settings;
    private final WorkDirectory directory;
    private final Thread hook = new Thread(this::close, "local-stack-shutdown");
    // In the order in which they were ready; they are closed in the opposite order. Guarded by itself.
    private final List<AutoCloseable> parts = new ArrayList<>();
    private boolean closing;
    private KafkaServer kafka;
    private ConnectWorker connect;
    private DatabaseServer source;
    private DatabaseServer target;

    private LocalStack(StackSettings settings, WorkDirectory directory) {
        this.settings = settings;
        this.directory = directory;
    }

    /** Starts all parts, those side by side that do not need each other; returns when all answer. */
    public static LocalStack start(Target target) {
        return start(StackSettings.defaults(target));
    }

    /**
     * @throws IllegalStateException if a part does not come up; then everything is gone again
     * @throws dev.godwit.database.RefusedException if this machine cannot run a part
     */
    public static LocalStack start(StackSettings settings) {
        if (settings.target() == Target.COCKROACHDB) {
            CockroachProgram.find();
        }
        LocalStack stack = new LocalStack(settings, WorkDirectory.create("stack"));
        Runtime.getRuntime().addShutdownHook(stack.hook);
        try {
            stack.startParts();
            return stack;
        } catch (RuntimeException | Error e) {
            stack.close();
            throw e;
        }
    }

    private void startParts() {
        ExecutorService threads = Executors.newFixedThreadPool(3, task -> new Thread(task, "local-stack-start"));
        try {
            CompletableFuture<Void> streams = CompletableFuture.runAsync(
                    () -> {
                        kafka = add(() -> KafkaServer.start(directory, settings.processes(), settings.kafka()));
                        connect = add(this::startConnect);
                    },
                    threads);
            CompletableFuture<Void> sources =
                    CompletableFuture.runAsync(() -> source = add(this::startSource), threads);
            CompletableFuture<Void> targets =
                    CompletableFuture.runAsync(() -> target = add(this::startTarget), threads);
            CompletableFuture.allOf(streams, sources, targets).join();
        } catch (CompletionException e) {
            // allOf waits for all, also when one has failed: so no part is still starting while the others are closed.
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } finally {
            threads.shutdown();
        }
    }

    private ConnectWorker startConnect() {
        return settings.processes()
                ? ConnectWorker.startProcess(directory, kafka.bootstrapServers(), settings.connect())
                : ConnectWorker.start(kafka.bootstrapServers(), settings.connect());
    }

    private DatabaseServer startSource() {
        return switch (settings.source()) {
            case POSTGRESQL -> PostgresServer.start("source", settings.sourceDatabase(), directory);
            case MYSQL -> MysqlServer.start("source", settings.sourceDatabase(), directory);
        };
    }

    private DatabaseServer startTarget() {
        return switch (settings.target()) {
            case POSTGRESQL_STAND_IN -> PostgresServer.start("target", settings.targetDatabase(), directory);
            case COCKROACHDB -> CockroachServer.start("target", directory);
        };
    }

    private <T extends AutoCloseable> T add(Supplier<T> start) {
        T part = start.get();
        synchronized (parts) {
            if (!closing) {
                parts.add(part);
                return part;
            }
        }
        // Ctrl-C came while it was starting.
        closeQuietly(part);
        throw new IllegalStateException("the local stack was closed while it was starting");
    }

    public KafkaServer kafka() {
        return kafka;
    }

    public ConnectWorker connect() {
        return connect;
    }

    public DatabaseServer source() {
        return source;
    }

    public DatabaseServer target() {
        return target;
    }

    /** What plays the target database: output must say so. */
    public Target targetKind() {
        return settings.target();
    }

    /** The directory of this stack, removed with it; others may make subdirectories for state that should go the same way. */
    public Path directory() {
        return directory.path();
    }

    /** Stops everything: Connect before what it reads from and writes to, then the rest, then the directory. Idempotent. */
    @Override
    public synchronized void close() {
        List<AutoCloseable> open;
        synchronized (parts) {
            closing = true;
            open = new ArrayList<>(parts);
            parts.clear();
        }
        // Whichever was ready last: Connect needs the source's replication slot and the broker until its tasks have
        // ended.
        if (open.remove(connect)) {
            closeQuietly(connect);
        }
        for (int index = open.size() - 1; index >= 0; index--) {
            closeQuietly(open.get(index));
        }
        directory.close();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            log.debug("closed by the shutdown of the JVM", e);
        }
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            // The others still have to be closed, and the watchdog removes what is left.
            log.warn("{} did not stop cleanly", part, e);
        }
    }
}
