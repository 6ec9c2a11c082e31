package dev.godwit.apply.schedule;

import dev.godwit.apply.ConflictReason;
import dev.godwit.apply.conflict.Access;
import dev.godwit.apply.conflict.WriteSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Which unapplied transactions touched an element last. Transactions come in commit order.
 *
 * <p>Dependencies hold through others: of those who touched an element, only the last ones are kept, for they wait for
 * those before them. The table is bounded: when it is full, it forgets the older half of the transactions and says
 * that everything after must wait for all of them (the event horizon).
 */
final class DependencyTable {
    private final int elementsMax;
    private final Map<Long, Touched> elements = new HashMap<>();
    private int sweepAt;

    /** @param elementsMax more are not kept */
    DependencyTable(int elementsMax) {
        this.elementsMax = elementsMax;
        this.sweepAt = Math.min(elementsMax, 10_000);
    }

    /** Who touched one element. */
    private static final class Touched {
        private Access access;
        /** Those who touched it last, all in the same way, none in conflict with another of them. */
        private List<Ticket> last = new ArrayList<>(1);
        /** Those before them, whom each of {@code last} waits for. */
        private List<Ticket> before = List.of();

        private int pruneAt = 16;
        /** The number of the last one that touched it. */
        private long newest;

        void add(Ticket ticket, Access way) {
            newest = ticket.number;
            if (way == Access.WRITE || way != access) {
                last.removeIf(Ticket::isApplied);
                before = last;
                last = new ArrayList<>(1);
                access = way;
            } else if (last.size() >= pruneAt) {
                last.removeIf(Ticket::isApplied);
                pruneAt = Math.max(16, last.size() * 2);
            }
            for (Ticket earlier : before) {
                depend(ticket, earlier);
            }
            last.add(ticket);
        }

        private static void depend(Ticket ticket, Ticket earlier) {
            if (!earlier.isApplied() && earlier.lastDependent != ticket.number) {
                earlier.lastDependent = ticket.number;
                ticket.dependencies.add(earlier);
            }
        }

        /** One comparison, for a sweep looks at every element: what is applied beyond the horizon is kept until that has passed it. */
        boolean isOver(long horizon) {
            return newest <= horizon;
        }
    }

    /**
     * Notes what the transaction touches and finds its dependencies.
     *
     * @param conflicts is told the reason of each dependency that it finds
     */
    void add(Ticket ticket, WriteSet set, Consumer<ConflictReason> conflicts) {
        for (int i = 0; i < set.size(); i++) {
            int before = ticket.dependencies.size();
            elements.computeIfAbsent(set.element(i), element -> new Touched()).add(ticket, set.access(i));
            if (ticket.dependencies.size() > before) {
                conflicts.accept(set.reason(i));
            }
        }
    }

    /**
     * Makes room before the next transaction.
     *
     * @param appliedUpTo everything up to this number is applied
     * @param newest the number of the last transaction that came
     * @return the number up to which everything must be applied before the next one; {@code appliedUpTo} mostly
     */
    long makeRoom(long appliedUpTo, long newest) {
        if (elements.size() < sweepAt) {
            return appliedUpTo;
        }
        elements.values().removeIf(touched -> touched.isOver(appliedUpTo));
        long horizon = appliedUpTo;
        while (elements.size() >= elementsMax) {
            horizon += Math.max(1, (newest - horizon + 1) / 2);
            long forgotten = horizon;
            elements.values().removeIf(touched -> touched.isOver(forgotten));
        }
        sweepAt = Math.min(elementsMax, Math.max(10_000, elements.size() * 2));
        return horizon;
    }

    /** After a transaction for which everything waits. */
    void clear() {
        elements.clear();
    }

    int size() {
        return elements.size();
    }
}
