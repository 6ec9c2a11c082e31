package dev.godwit.local.demo;

import dev.godwit.database.dialect.FailureClass;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One thread of the traffic: takes its turns and runs one transaction in each. */
final class TrafficWriter implements Runnable {
    private static final Duration RETRIED_FOR = Duration.ofSeconds(30);
    private static final int CONFLICTS_MAX = 10;
    private static final List<TrafficAction.Weighted> ACTIONS = actions();

    private final TrafficRouter router;
    private final Turns turns;
    private final Dice dice;
    private final TrafficIds ids;
    private final Map<Region, WriterSequence> sequences;
    private final Map<Region, RegionCounter> counters;
    private final TrafficConnections connections;
    private final long intervalNanos;

    TrafficWriter(
            TrafficRouter router,
            Turns turns,
            Dice dice,
            TrafficIds ids,
            Map<Region, WriterSequence> sequences,
            Map<Region, RegionCounter> counters,
            double turnsPerSecond) {
        this.router = router;
        this.turns = turns;
        this.dice = dice;
        this.ids = ids;
        this.sequences = sequences;
        this.counters = counters;
        this.connections = new TrafficConnections(router);
        this.intervalNanos = (long) (1e9 / turnsPerSecond);
    }

    private static List<TrafficAction.Weighted> actions() {
        List<TrafficAction.Weighted> all = new ArrayList<>(OrderActions.ALL);
        all.addAll(StaffActions.ALL);
        return List.copyOf(all);
    }

    @Override
    public void run() {
        try {
            // A first turn by chance, so that the writers do not all come at once.
            long due = System.nanoTime() + dice.below(intervalNanos);
            while (turns.await(due)) {
                try {
                    takeTurn(List.of(Region.values()).get(dice.below(Region.values().length)));
                } finally {
                    turns.end();
                }
                // What was missed for long (a pause, an outage) is not made up for in one rush.
                due = Math.max(due + intervalNanos, System.nanoTime() - 1_000_000_000L);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.close();
        }
    }

    void abort() {
        connections.abort();
    }

    private void takeTurn(Region region) throws InterruptedException {
        Optional<TrafficRouter.Admission> admitted = router.tryEnter(region);
        if (admitted.isEmpty()) {
            counters.get(region).skip();
            return;
        }
        try (TrafficRouter.Admission admission = admitted.get()) {
            run(region, admission, choose());
        } catch (RuntimeException e) {
            // The thread lives on: a bug must show up in the counts, not as traffic that has silently become less.
            counters.get(region).failure(e.toString());
            connections.drop(admitted.get().side());
        }
    }

    private TrafficAction.Weighted choose() {
        int total = ACTIONS.stream().mapToInt(TrafficAction.Weighted::weight).sum();
        int left = dice.below(total);
        for (TrafficAction.Weighted action : ACTIONS) {
            left -= action.weight();
            if (left < 0) {
                return action;
            }
        }
        throw new IllegalStateException("weights changed");
    }

    private void run(Region region, TrafficRouter.Admission admission, TrafficAction.Weighted action)
            throws InterruptedException {
        RegionCounter counter = counters.get(region);
        long giveUpAt = System.nanoTime() + RETRIED_FOR.toNanos();
        for (int attempt = 1; ; attempt++) {
            try {
                long rows = attempt(region, admission, action);
                admission.succeeded();
                counter.transaction(rows);
                return;
            } catch (SQLException e) {
                FailureClass found = admission.database().dialect().classify(e);
                if (found == FailureClass.RECONNECT) {
                    connections.drop(admission.side());
                } else {
                    connections.rollback(admission.side());
                }
                if (!mayRetry(found, attempt) || System.nanoTime() > giveUpAt) {
                    counter.failure(reason(action, admission, attempt, e));
                    return;
                }
                if (admission.isStopping() || !turns.backOff(delay(attempt))) {
                    // After a conflict it is certain that nothing was committed; after a lost connection it is not.
                    if (found == FailureClass.RECONNECT) {
                        counter.failure(reason(action, admission, attempt, e));
                    } else {
                        counter.abandon();
                    }
                    return;
                }
                counter.retry();
            }
        }
    }

    private static String reason(
            TrafficAction.Weighted action, TrafficRouter.Admission admission, int attempt, SQLException e) {
        return action.kind() + " on the " + admission.database().role() + ", attempt " + attempt + ": " + e.getMessage()
                + " (SQLSTATE " + e.getSQLState() + ")";
    }

    /**
     * Another transaction may have taken the row that a unique or foreign key asks for: the next attempt chooses
     * anew.
     */
    private static boolean mayRetry(FailureClass found, int attempt) {
        return switch (found) {
            case RETRY_NOW, RECONNECT -> true;
            case RETRY_AFTER_EARLIER -> attempt < CONFLICTS_MAX;
            case BAD_ROW, STOP -> false;
        };
    }

    private Duration delay(int attempt) {
        return Duration.ofMillis(1 + dice.below(Math.min(500, 4 << Math.min(attempt, 8))));
    }

    /** PostgreSQL's SQLSTATE, or MySQL's number. */
    private static boolean isDuplicate(SQLException e) {
        return "23505".equals(e.getSQLState()) || e.getErrorCode() == 1062;
    }

    /** @return how many rows the committed transaction has changed */
    private long attempt(Region region, TrafficRouter.Admission admission, TrafficAction.Weighted action)
            throws SQLException {
        Connection connection = connections.to(admission.side());
        WriterSequence sequence = sequences.get(region);
        TrafficTransaction transaction =
                new TrafficTransaction(connection, router.sql(admission.side()), region, dice, ids);
        action.action().run(transaction);
        try {
            transaction.audit(action.kind(), sequence);
        } catch (SQLException e) {
            if (isDuplicate(e) && sequence.isOutcomeUnknown()) {
                // The attempt whose outcome was unknown did get in; this one is its repetition.
                connections.rollback(admission.side());
                sequence.acknowledge();
                return 0;
            }
            throw e;
        }
        sequence.attempt();
        try {
            connection.commit();
        } catch (SQLException e) {
            if (admission.database().dialect().classify(e) != FailureClass.RETRY_NOW) {
                sequence.loseOutcome();
            }
            throw e;
        }
        sequence.acknowledge();
        return transaction.rowsChanged();
    }
}
