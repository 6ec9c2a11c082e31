package dev.godwit.apply;

import dev.godwit.apply.change.Position;
import dev.godwit.apply.deadletter.DeadLetter;
import dev.godwit.apply.deadletter.DeadLetterReplay;
import dev.godwit.apply.streams.DeadLetterReplays;
import dev.godwit.database.Database;
import java.util.List;
import java.util.Map;

/** The changes of a domain that were put aside instead of being applied. Works whether an applier runs or not. */
public final class DeadLetters {
    private DeadLetters() {}

    /**
     * All letters, replayed ones too, in the order of their transactions.
     *
     * @throws ApplyException if the ledger cannot be read
     */
    public static List<DeadLetter> list(Database replicationTarget, String domain) {
        return DeadLetterReplay.list(replicationTarget, domain);
    }

    /** How many were not replayed yet. */
    public static int open(Database replicationTarget, String domain) {
        return (int) list(replicationTarget, domain).stream()
                .filter(letter -> letter.replayedAt().isEmpty())
                .count();
    }

    /** What {@link #replay} would apply now, by transaction. Writes nothing. */
    public static Map<Position, List<DeadLetter>> plan(ApplyConfig config) {
        return new DeadLetterReplays(config).replay().plan();
    }

    /**
     * Applies letters in the order of their transactions, each once. What it tells the listener is durable.
     *
     * @throws dev.godwit.database.RefusedException if the tables of both sides do not fit
     * @throws ApplyException if it cannot go on; what was replayed stays replayed
     * @throws dev.godwit.apply.ledger.FencedException if another replay has begun
     */
    public static void replay(ApplyConfig config, DeadLetterReplay.Listener listener) {
        new DeadLetterReplays(config).run(listener);
    }
}
