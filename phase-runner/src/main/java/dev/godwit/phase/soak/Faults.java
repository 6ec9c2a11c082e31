package dev.godwit.phase.soak;

import dev.godwit.apply.DomainStatus;
import dev.godwit.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does faults to a stage, and counts them. Not thread-safe. */
final class Faults {
    /** A new owner needs a JVM, which takes a minute on a busy machine, and the group has to miss the old one. */
    private static final int TAKEN_OVER_WITHIN_SECONDS = 240;

    private static final int RESTARTS_MAX = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private final SoakStage stage;
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

    Faults(SoakStage stage) {
        this.stage = stage;
    }

    /** Returns when the fault is done; whatever has to come back by itself may still be about to. */
    void make(Fault fault) throws IOException, InterruptedException, SQLException {
        switch (fault) {
            case APPLIER_KILLED -> stage.appliers.kill(awaitOwner());
            case APPLIER_FROZEN -> freeze();
            case APPLIER_REPLACED -> replace();
            case TARGET_CONNECTIONS_KILLED -> killConnections(stage.target);
            case TARGET_CRASHED -> {
                stage.targetServer().kill();
                stage.targetServer().restart();
            }
            case CONNECT_RESTARTED -> restart(stage.stack.connect()::restart);
            case BROKER_RESTARTED -> restart(stage.stack.kafka()::restart);
        }
        stage.appliers.keepRunning();
        done.merge(fault, 1, Integer::sum);
    }

    /** A busy machine may need more than the time that a server of the local stack is given. */
    private static void restart(Runnable server) {
        for (int attempt = 1; ; attempt++) {
            try {
                server.run();
                return;
            } catch (IllegalStateException e) {
                if (attempt == RESTARTS_MAX) {
                    throw e;
                }
                LOG.info("tries again to restart a server", e);
            }
        }
    }

    private void freeze() throws IOException, InterruptedException {
        ApplierProcess old = awaitOwner();
        long epoch = epoch();
        old.signal("STOP");
        try {
            stage.appliers.start();
            awaitEpochAbove(epoch);
        } finally {
            old.signal("CONT");
        }
    }

    private void replace() throws IOException, InterruptedException {
        ApplierProcess old = awaitOwner();
        long epoch = epoch();
        stage.appliers.start();
        old.signal("TERM");
        awaitEpochAbove(epoch);
    }

    /** An applier that does not own the domain is no loss to it. */
    private ApplierProcess awaitOwner() throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TAKEN_OVER_WITHIN_SECONDS);
        while (true) {
            Optional<ApplierProcess> owner = stage.appliers.owner(epoch());
            if (owner.isPresent()) {
                return owner.get();
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "no applier owned the domain within " + TAKEN_OVER_WITHIN_SECONDS + " s; epoch " + epoch());
            }
            stage.appliers.keepRunning();
            never.await(100, TimeUnit.MILLISECONDS);
        }
    }

    private void awaitEpochAbove(long epoch) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TAKEN_OVER_WITHIN_SECONDS);
        while (epoch() <= epoch) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "no applier took over within " + TAKEN_OVER_WITHIN_SECONDS + " s; epoch " + epoch);
            }
            never.await(100, TimeUnit.MILLISECONDS);
        }
    }

    private long epoch() {
        return DomainStatus.read(stage.target, SoakStage.DOMAIN)
                .map(DomainStatus::epoch)
                .orElse(0L);
    }

    private static void killConnections(Database target) throws SQLException {
        try (Connection connection = target.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'godwit-apply%'")) {
            row.next();
        }
    }

    Map<Fault, Integer> done() {
        return Map.copyOf(done);
    }
}
