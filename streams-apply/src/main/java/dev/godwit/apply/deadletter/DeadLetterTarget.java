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
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
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
    /** The last positions of target transactions that the scheduler does not know of, as it asked for one. */
    private final Set<Position> split = new HashSet<>();

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
        if (parking.isEmpty()) {
            writeOrHalve(batch);
            return;
        }
        // Up to the next one that follows a dead letter, transactions may be written together.
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
            putAside(transaction, transaction, dependent(transaction), cause);
        }
        writeTogether(batch, together);
    }

    private void writeTogether(Batch batch, List<Transaction> together) {
        if (!together.isEmpty()) {
            Batch part = part(batch, together);
            together.clear();
            writeOrHalve(part);
        }
    }

    private Batch part(Batch batch, List<Transaction> transactions) {
        Batch part = new Batch(transactions);
        if (!part.last().equals(batch.last())) {
            synchronized (split) {
                split.add(part.last());
            }
        }
        return part;
    }

    private void writeOrHalve(Batch batch) {
        try {
            target.write(batch);
            return;
        } catch (BadRowException e) {
            if (policy.badRows() == BadRows.STOP || batch.transactions().get(0).isSpilled()) {
                throw e;
            }
            if (batch.transactions().size() == 1) {
                Transaction transaction = batch.transactions().get(0);
                bad(transaction, transaction, e);
                return;
            }
        }
        // Through write again: what follows a row of the first half that has been put aside must not be tried.
        List<Transaction> transactions = batch.transactions();
        int half = transactions.size() / 2;
        write(part(batch, transactions.subList(0, half)));
        write(part(batch, transactions.subList(half, transactions.size())));
    }

    /** @param left what of the transaction does not stand aside yet */
    private void bad(Transaction transaction, Transaction left, BadRowException failure) {
        Cause cause = new Cause(Reason.BAD_ROW, failure.sqlState(), failure.getMessage(), Optional.empty());
        Set<Change> culprits =
                failure.change().map(change -> sameRow(left, change)).orElse(Set.of());
        putAside(transaction, left, culprits.isEmpty() ? identities(left.changes().stream()) : culprits, cause);
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
    private void putAside(Transaction transaction, Transaction left, Set<Change> culprits, Cause cause) {
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
        Transaction kept =
                new Transaction(transaction.position(), transaction.committedAt(), rest, transaction.marker());
        try {
            target.write(new Batch(List.of(kept)));
        } catch (BadRowException e) {
            if (rest.isEmpty()) {
                throw e;
            }
            bad(transaction, kept, e);
        }
    }

    @Override
    public void advance(Progress progress) {
        parking.readAgainIfOlderThan(READ_AGAIN_AFTER);
        statistics.standAside(parking.letters());
        List<Position> covered = new ArrayList<>(progress.covered());
        synchronized (split) {
            split.removeIf(position -> {
                boolean superfluous = position.compareTo(progress.consistentPoint()) <= 0;
                if (superfluous && !covered.contains(position)) {
                    covered.add(position);
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
