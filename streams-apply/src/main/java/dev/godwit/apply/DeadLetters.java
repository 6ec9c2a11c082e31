package dev.godwit.apply;

import dev.godwit.apply.change.Position;
import dev.godwit.apply.deadletter.DeadLetter;
import dev.godwit.apply.deadletter.DeadLetterReplay;
import dev.godwit.apply.ledger.Directions;
import dev.godwit.apply.streams.DeadLetterReplays;
import dev.godwit.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The changes of a direction that were put aside instead of being applied. Works whether an applier runs or not. */
public final class DeadLetters {
    private DeadLetters() {}

    /**
     * All letters of a direction, replayed ones too: for each of its ordering domains in the order of their transactions.
     *
     * @throws ApplyException if the ledger cannot be read
     */
    public static List<DeadLetter> list(Database replicationTarget, String direction) {
        try (Connection connection = replicationTarget.open()) {
            return Directions.domains(connection, direction).stream()
                    .flatMap(domain -> DeadLetterReplay.list(replicationTarget, domain).stream())
                    .toList();
        } catch (SQLException e) {
            throw new ApplyException("cannot read the dead letters of " + direction + ": " + e.getMessage(), e);
        }
    }

    /** How many were not replayed yet. */
    public static int open(Database replicationTarget, String direction) {
        return open(list(replicationTarget, direction));
    }

    /** Of one ordering domain. */
    static int openOf(Database replicationTarget, String domain) {
        return open(DeadLetterReplay.list(replicationTarget, domain));
    }

    private static int open(List<DeadLetter> letters) {
        return (int)
                letters.stream().filter(letter -> letter.replayedAt().isEmpty()).count();
    }

    /**
     * What {@link #replay} would apply now, by ordering domain and transaction. Writes nothing.
     *
     * @param config of the direction
     */
    public static Map<String, Map<Position, List<DeadLetter>>> plan(ApplyConfig config) {
        Map<String, Map<Position, List<DeadLetter>>> plans = new LinkedHashMap<>();
        DeadLetterReplays.of(config)
                .forEach(replays -> plans.put(replays.domain(), replays.replay().plan()));
        return plans;
    }

    /**
     * Applies letters, for each ordering domain in the order of their transactions, each once. What it tells the listener is
     * durable.
     *
     * @param config of the direction
     * @throws dev.godwit.database.RefusedException if the tables of both sides do not fit
     * @throws ApplyException if it cannot go on; what was replayed stays replayed
     * @throws dev.godwit.apply.ledger.FencedException if another replay has begun
     */
    public static void replay(ApplyConfig config, DeadLetterReplay.Listener listener) {
        DeadLetterReplays.of(config).forEach(replays -> replays.run(listener));
    }
}
