package dev.godwit.apply.deadletter;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.OperatorLog;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.SpilledChanges;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.deadletter.DeadLetter.Cause;
import dev.godwit.apply.deadletter.DeadLetter.Reason;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.Ledger;
import dev.godwit.apply.write.Retries;
import dev.godwit.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Puts changes aside so that nothing is lost at any moment: first their records are in the dead-letter topic, then their
 * keys in the ledger; only afterwards may the caller record the transaction as applied. If the applier dies in between, the
 * next owner forgets the keys, and the transaction comes again. Thread-safe.
 */
public final class Parking {
    private final String domain;
    private final Database database;
    private final Retries retries;
    private final Ledger epochs;
    private final DeadLetterLedger ledger;
    private final DeadLetterTopic topic;
    private final OriginalRecords originals;
    private final ParkedKeys parked = new ParkedKeys();
    private volatile long epoch;
    private volatile long readAt;

    /** @param kafka properties of clients, bootstrap servers included */
    public Parking(String domain, Database database, Map<String, Object> kafka, Retries retries) {
        this.domain = domain;
        this.database = database;
        this.retries = retries;
        this.epochs = new Ledger(domain);
        this.ledger = new DeadLetterLedger(domain);
        this.topic = new DeadLetterTopic(domain, kafka);
        this.originals = new OriginalRecords(kafka);
    }

    /** Work in one transaction of the ledger. */
    private interface LedgerWork {
        void run(Connection connection) throws SQLException;
    }

    /** To be called by the new owner, before it writes anything. */
    void takeOver(DomainState state) {
        epoch = state.epoch();
        inLedger("read the dead letters", connection -> {
            List<DeadLetter> open = new ArrayList<>(ledger.open(connection));
            Set<Position> unfinished = new HashSet<>();
            open.removeIf(letter -> {
                boolean applied = state.isApplied(letter.position());
                if (!applied) {
                    unfinished.add(letter.position());
                }
                return !applied;
            });
            for (Position position : unfinished) {
                ledger.remove(connection, position);
            }
            parked.replaceBy(open);
        });
    }

    /** How many changes stand aside. */
    int letters() {
        return parked.letters();
    }

    boolean isEmpty() {
        return parked.isEmpty();
    }

    /**
     * The position of a transaction put aside that this one has to follow. Looks into the ledger before it says yes, as
     * somebody may have replayed that one.
     */
    Optional<Position> before(Transaction transaction) {
        Optional<Position> found = first(transaction);
        if (found.isEmpty()) {
            return found;
        }
        readAgain();
        return first(transaction);
    }

    /** Notices what has been replayed meanwhile. */
    void readAgainIfOlderThan(Duration age) {
        if (!parked.isEmpty() && System.nanoTime() - readAt > age.toNanos()) {
            readAgain();
        }
    }

    private synchronized void readAgain() {
        inLedger("read the dead letters", connection -> parked.replaceBy(ledger.open(connection)));
        readAt = System.nanoTime();
    }

    private Optional<Position> first(Transaction transaction) {
        if (transaction.isSpilled()) {
            return first(transaction.spilled());
        }
        return transaction.changes().stream()
                .map(parked::before)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<Position> first(SpilledChanges changes) {
        try (SpilledChanges.Reader reader = changes.read(SpilledChanges.BEGINNING)) {
            for (Change change = reader.next(); change != null; change = reader.next()) {
                Optional<Position> found = parked.before(change);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }
    }

    Optional<Position> before(Change change) {
        return parked.before(change);
    }

    /**
     * Durable in Kafka and in the ledger on return.
     *
     * @param transaction as it came, all of it
     * @param whole whether all its changes go, or the culprits alone
     * @return how many letters that are
     */
    synchronized int park(
            Transaction transaction, Collection<Change> culprits, Cause cause, boolean whole, int lettersMax) {
        List<DeadLetter> letters = letters(transaction, culprits, cause, whole);
        if (parked.letters() + letters.size() > lettersMax) {
            throw new ApplyException(
                    "more than " + lettersMax + " changes would stand aside as dead letters: that is more"
                            + " than a few bad rows. The last cause: " + cause.message()
                            + ". Mend it, then: godwit apply dead-letters replay");
        }
        Map<Origin, ConsumerRecord<byte[], byte[]>> records =
                originals.read(letters.stream().map(DeadLetter::origin).toList());
        topic.send(
                domain,
                letters,
                letters.stream().map(letter -> records.get(letter.origin())).toList());
        inLedger("note dead letters", connection -> ledger.note(connection, letters));
        letters.forEach(parked::add);
        OperatorLog.LOG.warn(
                "{}: put {} changes of transaction {} aside: {}",
                domain,
                letters.size(),
                transaction.position(),
                cause.message());
        return letters.size();
    }

    private static List<DeadLetter> letters(
            Transaction transaction, Collection<Change> culprits, Cause cause, boolean whole) {
        List<DeadLetter> letters = new ArrayList<>();
        List<Change> numbered = numbered(transaction);
        Cause along = new Cause(
                Reason.SAME_TRANSACTION,
                Optional.empty(),
                "another row of its transaction: " + cause.message(),
                Optional.empty());
        Instant now = Instant.now();
        for (int i = 0; i < numbered.size(); i++) {
            Change change = numbered.get(i);
            boolean culprit = culprits.contains(change);
            if (culprit || whole) {
                letters.add(new DeadLetter(
                        transaction.position(),
                        i + 1,
                        change.table().name(),
                        Optional.ofNullable(change.key()),
                        culprit ? cause : along,
                        change.origin(),
                        transaction.committedAt(),
                        now,
                        Optional.empty()));
            }
        }
        return letters;
    }

    /** The same numbers whenever the transaction comes: a changefeed sends its rows in any order. */
    private static List<Change> numbered(Transaction transaction) {
        if (!(transaction.position() instanceof HybridTimestamp)) {
            return transaction.changes();
        }
        return transaction.changes().stream()
                .sorted(Comparator.comparing(change -> change.table().name() + " " + change.key()))
                .toList();
    }

    private void inLedger(String what, LedgerWork work) {
        retries.repeat(what, database.dialect(), () -> {
            try (Connection connection = database.open()) {
                connection.setAutoCommit(false);
                epochs.requireEpoch(connection, epoch);
                work.run(connection);
                connection.commit();
            }
        });
    }
}
