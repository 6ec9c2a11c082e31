package dev.godwit.apply.deadletter;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.ErrorPolicy;
import dev.godwit.apply.ErrorPolicy.BadRows;
import dev.godwit.apply.OperatorLog;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.deadletter.DeadLetter.Cause;
import dev.godwit.apply.deadletter.DeadLetter.Reason;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.apply.write.BadRowException;
import dev.godwit.apply.write.Batch;
import dev.godwit.apply.write.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A target that puts aside what the one behind it does not take, as the user's policy says. A batch with a bad row is
 * halved until the transaction is found that holds it.
 *
 * <p>What changes a row that stands aside must follow it, whatever the policy is now: it is put aside too, or stops the
 * applier.
 */
public final class DeadLetterTarget implements Target {
    /** Whoever watches should see soon that letters were replayed. */
    private static final Duration READ_AGAIN_AFTER = Duration.ofSeconds(5);

    private final Target target;
    private final Parking parking;
    private final ErrorPolicy policy;
    private final ApplyStatistics statistics;
    /**
     * Transactions that were written in another batch than the scheduler knows of, with the position that names that batch
     * in the ledger.
     */
    private final Map<Position, Position> written = new HashMap<>();

    public DeadLetterTarget(Target target, Parking parking, ErrorPolicy policy, ApplyStatistics statistics) {
        this.target = target;
        this.parking = parking;
        this.policy = policy;
        this.statistics = statistics;
    }

    @Override
    public DomainState takeOver() {
        DomainState state = target.takeOver();
        parking.takeOver(state);
        int letters = parking.letters();
        statistics.standAside(letters);
        if (letters > 0) {
            OperatorLog.LOG.warn(
                    "{} changes stand aside as dead letters; see them: godwit apply dead-letters list", letters);
        }
        return state;
    }

    @Override
    public void write(Batch batch) {
        List<Transaction> left = withoutWritten(batch);
        if (left.isEmpty()) {
            return;
        }
        boolean whole = left.size() == batch.transactions().size();
        Batch rest = whole ? batch : new Batch(left, batch.afterEarlier());
        if (parking.isEmpty()) {
            writeOrHalve(rest, whole);
        } else {
            writeInParts(rest);
        }
    }

    /** A constraint may have refused a later part of a batch; then all of it comes again, one by one. */
    private List<Transaction> withoutWritten(Batch batch) {
        synchronized (written) {
            return written.isEmpty()
                    ? batch.transactions()
                    : batch.transactions().stream()
                            .filter(transaction -> !written.containsKey(transaction.position()))
                            .toList();
        }
    }

    /** Up to the next one that follows a dead letter, transactions may be written together. */
    private void writeInParts(Batch batch) {
        List<Transaction> together = new ArrayList<>();
        for (Transaction transaction : batch.transactions()) {
            Optional<Position> earlier = parking.before(transaction);
            if (earlier.isEmpty()) {
                together.add(transaction);
                continue;
            }
            writeTogether(batch, together);
            Cause cause = new Cause(
                    Reason.DEPENDS_ON_EARLIER,
                    Optional.empty(),
                    "it changes a row of which a change of transaction " + earlier.get() + " stands aside",
                    earlier);
            putAside(batch, transaction, transaction, dependent(transaction), cause);
        }
        writeTogether(batch, together);
    }

    private void writeTogether(Batch batch, List<Transaction> together) {
        if (!together.isEmpty()) {
            Batch part = new Batch(together, batch.afterEarlier());
            together.clear();
            writeOrHalve(part, false);
        }
    }

    /** @param whole whether this is what the scheduler has asked for, and not a part of it */
    private void writeOrHalve(Batch batch, boolean whole) {
        List<Transaction> transactions = batch.transactions();
        try {
            target.write(batch);
            if (!whole) {
                noteWritten(batch);
            }
            return;
        } catch (BadRowException e) {
            if (policy.badRows() == BadRows.STOP || transactions.get(0).isSpilled()) {
                throw e;
            }
            if (transactions.size() == 1) {
                bad(batch, transactions.get(0), transactions.get(0), e);
                return;
            }
        }
        // What follows a row of the first half that has been put aside must not be tried.
        int half = transactions.size() / 2;
        writeInParts(new Batch(transactions.subList(0, half), batch.afterEarlier()));
        writeInParts(new Batch(transactions.subList(half, transactions.size()), batch.afterEarlier()));
    }

    private void noteWritten(Batch part) {
        synchronized (written) {
            part.positions().forEach(position -> written.put(position, part.last()));
        }
    }

    /** @param left what of the transaction does not stand aside yet */
    private void bad(Batch batch, Transaction transaction, Transaction left, BadRowException failure) {
        Cause cause = new Cause(Reason.BAD_ROW, failure.sqlState(), failure.getMessage(), Optional.empty());
        Set<Change> culprits =
                failure.change().map(change -> sameRow(left, change)).orElse(Set.of());
        putAside(batch, transaction, left, culprits.isEmpty() ? identities(left.changes().stream()) : culprits, cause);
    }

    private static Set<Change> sameRow(Transaction transaction, Change bad) {
        return identities(transaction.changes().stream()
                .filter(change -> change.table().name().equals(bad.table().name())
                        && change.key() != null
                        && (change.key().equals(bad.key()) || change.key().equals(bad.movedFrom()))));
    }

    private Set<Change> dependent(Transaction transaction) {
        return identities(transaction.changes().stream()
                .filter(change -> parking.before(change).isPresent()));
    }

    private static Set<Change> identities(Stream<Change> changes) {
        Set<Change> set = Collections.newSetFromMap(new IdentityHashMap<>());
        changes.forEach(set::add);
        return set;
    }

    /** @param culprits changes of what is left of the transaction, which cannot be applied */
    private void putAside(Batch batch, Transaction transaction, Transaction left, Set<Change> culprits, Cause cause) {
        if (policy.badRows() == BadRows.STOP || transaction.isSpilled()) {
            throw new ApplyException("transaction " + transaction.position() + " cannot be applied: " + cause.message()
                    + ". Replay first: godwit apply dead-letters replay");
        }
        boolean whole = policy.badRows() == BadRows.DEAD_LETTER;
        int letters = parking.park(transaction, culprits, cause, whole, policy.deadLettersMax());
        statistics.putAside(cause.reason(), letters);
        statistics.standAside(parking.letters());
        List<Change> rest = whole
                ? List.of()
                : left.changes().stream()
                        .filter(change -> !culprits.contains(change))
                        .toList();
        Transaction kept = transaction.with(rest, null);
        try {
            Batch alone = new Batch(List.of(kept), batch.afterEarlier());
            target.write(alone);
            noteWritten(alone);
        } catch (BadRowException e) {
            if (rest.isEmpty()) {
                throw e;
            }
            bad(batch, transaction, kept, e);
        }
    }

    @Override
    public void advance(Progress progress) {
        parking.readAgainIfOlderThan(READ_AGAIN_AFTER);
        statistics.standAside(parking.letters());
        List<Position> covered = new ArrayList<>(progress.covered());
        synchronized (written) {
            written.values().removeIf(last -> {
                boolean superfluous = last.compareTo(progress.consistentPoint()) <= 0;
                if (superfluous && !covered.contains(last)) {
                    covered.add(last);
                }
                return superfluous;
            });
        }
        target.advance(new Progress(
                progress.consistentPoint(),
                progress.committedAt(),
                progress.marker(),
                progress.restartOffsets(),
                covered));
    }

    @Override
    public void close() {
        target.close();
    }
}
