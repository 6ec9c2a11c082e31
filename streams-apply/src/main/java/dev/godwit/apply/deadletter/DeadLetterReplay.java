package dev.godwit.apply.deadletter;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.deadletter.DeadLetterTopic.Original;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.Ledger;
import dev.godwit.apply.write.BadRowException;
import dev.godwit.apply.write.Batch;
import dev.godwit.apply.write.Target;
import dev.godwit.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Applies dead letters, transaction by transaction in commit order, each once: the target transaction that writes a letter's
 * rows also records, under a domain of the replay's own, that it is in. The applier may run meanwhile.
 *
 * <p>What still cannot be applied stays aside, and so does everything that changes the same rows after it.
 */
public final class DeadLetterReplay {
    /** New letters may come while old ones are replayed, for rows that change all the time. */
    private static final int ROUNDS_MAX = 20;

    private final String domain;
    private final Database database;
    private final DeadLetterTopic topic;
    private final DeadLetterLedger ledger;
    private final LetterDecoder decoder;

    public DeadLetterReplay(String domain, Database database, Map<String, Object> kafka, LetterDecoder decoder) {
        this.domain = domain;
        this.database = database;
        this.topic = new DeadLetterTopic(domain, kafka);
        this.ledger = new DeadLetterLedger(domain);
        this.decoder = decoder;
    }

    /** Makes a change of a record again. */
    public interface LetterDecoder {
        /** @return null if the record is no change of this domain's slice any more */
        Change decode(Origin origin, byte[] key, byte[] value);
    }

    /** Is told each transaction, from the thread that replays. */
    public interface Listener {
        void replayed(Position position, int letters);

        /** It stays aside. */
        void failed(Position position, int letters, String why);
    }

    /** The domain under which the target for {@link #run} must have been opened. */
    public static String targetDomain(String domain) {
        return DeadLetterLedger.replayDomain(domain);
    }

    /** Reads the letters of a domain, replayed ones too, in the order of their transactions. */
    public static List<DeadLetter> list(Database database, String domain) {
        try (Connection connection = database.open()) {
            Optional<DomainState> state = new Ledger(domain).state(connection);
            return new DeadLetterLedger(domain)
                    .all(connection).stream()
                            .filter(letter -> state.isPresent() && state.get().isApplied(letter.position()))
                            .toList();
        } catch (SQLException e) {
            throw new ApplyException("cannot read the dead letters of " + domain + ": " + e.getMessage(), e);
        }
    }

    /** What would be replayed now, by transaction; nothing is written. */
    public Map<Position, List<DeadLetter>> plan() {
        return list(database, domain).stream()
                .filter(letter -> letter.replayedAt().isEmpty())
                .collect(Collectors.groupingBy(DeadLetter::position, TreeMap::new, Collectors.toList()));
    }

    /**
     * Replays until nothing is left, or nothing that can be applied. What it reports as replayed is durable.
     *
     * @param target under {@link #targetDomain}; takes that domain over, so that a second replay at the same time fails
     */
    public void run(Target target, Listener listener) {
        target.takeOver();
        finish();
        Set<Position> failed = new HashSet<>();
        ParkedKeys blocked = new ParkedKeys();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Map<Position, List<DeadLetter>> open = plan();
            open.keySet().removeAll(failed);
            if (open.isEmpty()) {
                return;
            }
            Map<String, Original> records = topic.read(open.values().stream()
                    .flatMap(List::stream)
                    .map(DeadLetter::id)
                    .collect(Collectors.toSet()));
            open.forEach((position, letters) -> {
                Optional<String> why = replay(target, letters, records, blocked);
                if (why.isEmpty()) {
                    finish();
                    listener.replayed(position, letters.size());
                } else {
                    failed.add(position);
                    letters.forEach(blocked::add);
                    listener.failed(position, letters.size(), why.get());
                }
            });
        }
    }

    /** @return why not; empty if it is in */
    private Optional<String> replay(
            Target target, List<DeadLetter> letters, Map<String, Original> records, ParkedKeys blocked) {
        List<Change> changes = new ArrayList<>();
        for (DeadLetter letter : letters) {
            Original original = records.get(letter.id());
            if (original == null) {
                return Optional.of("its record " + letter.id() + " is not in the dead-letter topic");
            }
            Change change = decoder.decode(letter.origin(), original.key(), original.value());
            if (change != null) {
                changes.add(change);
            }
        }
        Optional<Position> before =
                changes.stream().map(blocked::before).flatMap(Optional::stream).findFirst();
        if (before.isPresent()) {
            return Optional.of("transaction " + before.get() + " before it, which changes the same row, stays aside");
        }
        DeadLetter first = letters.get(0);
        try {
            target.write(new Batch(List.of(new Transaction(first.position(), first.committedAt(), changes, null))));
            return Optional.empty();
        } catch (BadRowException e) {
            return Optional.of(e.getMessage());
        }
    }

    private void finish() {
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            ledger.finishReplays(connection);
            connection.commit();
        } catch (SQLException e) {
            throw new ApplyException(
                    "cannot note what was replayed; it is noted by the next replay: " + e.getMessage(), e);
        }
    }
}
