package dev.godwit.phase.soak;

import dev.godwit.apply.DomainStatus;
import dev.godwit.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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
    private final Random random;
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

    /** @param seed of the domains whose owners are hit */
    Faults(SoakStage stage, long seed) {
        this.stage = stage;
        this.random = new Random(seed);
    }

    /** Returns when the fault is done; whatever has to come back by itself may still be about to. */
    void make(Fault fault) throws IOException, InterruptedException, SQLException {
        switch (fault) {
            case APPLIER_KILLED -> stage.appliers.kill(awaitOwner().process);
            case APPLIER_FROZEN -> freeze();
            case APPLIER_REPLACED -> replace();
            case TARGET_CONNECTIONS_KILLED -> killConnections(stage.target);
            case TARGET_CRASHED -> {
                stage.targetServer().kill();
                stage.targetServer().restart();
            }
            case CONNECT_RESTARTED -> restart(stage.stack.connect()::restart);
            case CONNECT_KILLED -> {
                stage.stack.connect().kill();
                restart(stage.stack.connect()::restart);
            }
            case BROKER_RESTARTED -> restart(stage.stack.kafka()::restart);
            case BROKER_KILLED -> {
                stage.stack.kafka().kill();
                restart(stage.stack.kafka()::restart);
            }
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

    /** One of the domains, and who works for it. */
    private record Owned(String domain, long epoch, ApplierProcess process) {}

    private void freeze() throws IOException, InterruptedException {
        Owned old = awaitOwner();
        old.process.signal("STOP");
        try {
            stage.appliers.startSecond();
            awaitAnotherOwner(old);
        } finally {
            old.process.signal("CONT");
        }
    }

    private void replace() throws IOException, InterruptedException {
        Owned old = awaitOwner();
        stage.appliers.startSecond();
        old.process.signal("TERM");
        awaitAnotherOwner(old);
    }

    /** An applier that does not own a domain is no loss to it. */
    private Owned awaitOwner() throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TAKEN_OVER_WITHIN_SECONDS);
        while (true) {
            List<DomainStatus> domains = stage.domains();
            if (!domains.isEmpty()) {
                DomainStatus domain = domains.get(random.nextInt(domains.size()));
                Optional<ApplierProcess> owner = stage.appliers.owner(domain.domain(), domain.epoch());
                if (owner.isPresent()) {
                    return new Owned(domain.domain(), domain.epoch(), owner.get());
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "no applier owned a domain within " + TAKEN_OVER_WITHIN_SECONDS + " s; " + domains);
            }
            stage.appliers.keepRunning();
            never.await(100, TimeUnit.MILLISECONDS);
        }
    }

    private void awaitAnotherOwner(Owned old) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TAKEN_OVER_WITHIN_SECONDS);
        while (epoch(old.domain) <= old.epoch) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no applier took " + old.domain + " over within "
                        + TAKEN_OVER_WITHIN_SECONDS + " s; epoch " + old.epoch);
            }
            never.await(100, TimeUnit.MILLISECONDS);
        }
    }

    private long epoch(String domain) {
        return DomainStatus.read(stage.target, domain).map(DomainStatus::epoch).orElse(0L);
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
