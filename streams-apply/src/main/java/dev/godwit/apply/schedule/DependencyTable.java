package dev.godwit.apply.schedule;

import dev.godwit.apply.ConflictReason;
import dev.godwit.apply.conflict.Access;
import dev.godwit.apply.conflict.WriteSet;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Which unapplied transactions touched an element last. Transactions come in commit order.
 *
 * <p>Dependencies hold through others: of those who touched an element, only the last ones are kept, for they wait for
 * those before them. The table is bounded: when it is full, it forgets the older half of the transactions and says
 * that everything after must wait for all of them (the event horizon).
 *
 * <p>Every changed row comes through here, so it is a hash table by open addressing, without an object for each number; and an
 * element that was only ever written, as nearly all are, has the last writer itself in its place.
 */
final class DependencyTable {
    private static final int SWEEP_MIN = 10_000;

    private final int elementsMax;
    private long[] elements;
    /** For each element the {@link Ticket} that wrote it last, or {@link Touched}; null where there is no element. */
    private Object[] lasts;
    /** For each element the number of the last one that touched it; beside the others, for a sweep looks at all. */
    private long[] newests;

    private int size;
    private int sweepAt;

    /** @param elementsMax more are not kept */
    DependencyTable(int elementsMax) {
        this.elementsMax = elementsMax;
        clear();
    }

    /**
     * Notes what the transaction touches and finds its dependencies.
     *
     * @param conflicts is told the reason of each dependency that it finds
     */
    void add(Ticket ticket, WriteSet set, Consumer<ConflictReason> conflicts) {
        for (int i = 0; i < set.size(); i++) {
            int before = ticket.dependencies.size();
            add(ticket, set.element(i), set.access(i));
            if (ticket.dependencies.size() > before) {
                conflicts.accept(set.reason(i));
            }
        }
    }

    private void add(Ticket ticket, long element, Access access) {
        int place = place(element);
        Object last = lasts[place];
        if (access != Access.WRITE) {
            Touched touched = last instanceof Touched known ? known : new Touched((Ticket) last);
            touched.add(ticket, access);
            lasts[place] = touched;
        } else {
            if (last instanceof Touched touched) {
                touched.all(ticket::dependOn);
            } else if (last != null) {
                ticket.dependOn((Ticket) last);
            }
            lasts[place] = ticket;
        }
        newests[place] = ticket.number;
        if (last == null) {
            elements[place] = element;
            if (++size * 2 > elements.length) {
                forget(Long.MIN_VALUE);
            }
        }
    }

    /** Where the element is, or would be. */
    private int place(long element) {
        int mask = elements.length - 1;
        int place = (int) (element ^ element >>> 32) & mask;
        while (lasts[place] != null && elements[place] != element) {
            place = place + 1 & mask;
        }
        return place;
    }

    /**
     * Forgets what was touched last by this number or an earlier one, and takes arrays that are as large as what is left
     * needs. What is applied beyond the number is kept until that has passed it: this must be quick.
     */
    private void forget(long horizon) {
        int left = 0;
        for (long newest : newests) {
            left += newest > horizon ? 1 : 0;
        }
        long[] oldElements = elements;
        Object[] oldLasts = lasts;
        long[] oldNewests = newests;
        allocate(left);
        for (int i = 0; i < oldNewests.length; i++) {
            if (oldNewests[i] > horizon) {
                int place = place(oldElements[i]);
                elements[place] = oldElements[i];
                lasts[place] = oldLasts[i];
                newests[place] = oldNewests[i];
            }
        }
        size = left;
    }

    private void allocate(int expected) {
        int length = Integer.highestOneBit(Math.max(Math.min(elementsMax, SWEEP_MIN), expected)) * 4;
        elements = new long[length];
        lasts = new Object[length];
        newests = new long[length];
        Arrays.fill(newests, Long.MIN_VALUE);
    }

    /**
     * Makes room before the next transaction.
     *
     * @param appliedUpTo everything up to this number is applied
     * @param newest the number of the last transaction that came
     * @return the number up to which everything must be applied before the next one; {@code appliedUpTo} mostly
     */
    long makeRoom(long appliedUpTo, long newest) {
        if (size < sweepAt) {
            return appliedUpTo;
        }
        forget(appliedUpTo);
        long horizon = appliedUpTo;
        while (size >= elementsMax) {
            horizon += Math.max(1, (newest - horizon + 1) / 2);
            forget(horizon);
        }
        sweepAt = Math.min(elementsMax, Math.max(SWEEP_MIN, size * 3));
        return horizon;
    }

    /** After a transaction for which everything waits. */
    void clear() {
        sweepAt = Math.min(elementsMax, SWEEP_MIN);
        size = 0;
        allocate(0);
    }

    int size() {
        return size;
    }
}
