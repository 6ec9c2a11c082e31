package dev.godwit.apply.conflict;

import dev.godwit.apply.ConflictReason;
import java.util.Arrays;

/** What one transaction touches: each element once. Immutable. */
public final class WriteSet {
    private static final Access[] ACCESSES = Access.values();
    private static final ConflictReason[] REASONS = ConflictReason.values();

    private final long[] elements;
    /** Access and reason of each element. */
    private final byte[] codes;

    private final boolean barrier;

    private WriteSet(long[] elements, byte[] codes, boolean barrier) {
        this.elements = elements;
        this.codes = codes;
        this.barrier = barrier;
    }

    /** Of a transaction that nothing may overtake, and that overtakes nothing. */
    public static WriteSet barrier() {
        return new WriteSet(new long[0], new byte[0], true);
    }

    /** Whether it conflicts with every other transaction. Then it has no elements. */
    public boolean isBarrier() {
        return barrier;
    }

    public int size() {
        return elements.length;
    }

    /** Different elements may have the same number; that costs time and nothing else. */
    public long element(int index) {
        return elements[index];
    }

    public Access access(int index) {
        return ACCESSES[codes[index] & 3];
    }

    /** What a conflict over this element is to be counted as. */
    public ConflictReason reason(int index) {
        return REASONS[codes[index] >> 2];
    }

    /** Collects elements. Not thread-safe. */
    static final class Builder {
        private final int elementsMax;
        private boolean barrier;
        /** Open addressing; where the code is -1, there is nothing. */
        private long[] elements = new long[32];

        private byte[] codes = filled(32);
        private int size;

        /** @param elementsMax what has more is a barrier */
        Builder(int elementsMax) {
            this.elementsMax = elementsMax;
        }

        private static byte[] filled(int length) {
            byte[] codes = new byte[length];
            Arrays.fill(codes, (byte) -1);
            return codes;
        }

        @SuppressWarnings("EnumOrdinal") // packed into a byte, which never leaves this memory
        void add(long element, Access access, ConflictReason reason) {
            if (barrier) {
                return;
            }
            byte code = (byte) (reason.ordinal() << 2 | access.ordinal());
            int place = place(element);
            if (codes[place] < 0) {
                elements[place] = element;
                codes[place] = code;
                if (++size > elementsMax) {
                    barrier = true;
                } else if (size * 2 > elements.length) {
                    grow();
                }
            } else if ((codes[place] & 3) != access.ordinal()) {
                codes[place] = (byte) ((codes[place] & ~3) | Access.WRITE.ordinal());
            }
        }

        private int place(long element) {
            int place = (int) (element ^ element >>> 32) & elements.length - 1;
            while (codes[place] >= 0 && elements[place] != element) {
                place = place + 1 & elements.length - 1;
            }
            return place;
        }

        private void grow() {
            long[] oldElements = elements;
            byte[] oldCodes = codes;
            elements = new long[oldElements.length * 2];
            codes = filled(elements.length);
            for (int i = 0; i < oldElements.length; i++) {
                if (oldCodes[i] >= 0) {
                    int place = place(oldElements[i]);
                    elements[place] = oldElements[i];
                    codes[place] = oldCodes[i];
                }
            }
        }

        /** Nothing is known well enough. */
        void barrier() {
            barrier = true;
        }

        boolean isBarrier() {
            return barrier;
        }

        WriteSet build() {
            if (barrier) {
                return WriteSet.barrier();
            }
            long[] builtElements = new long[size];
            byte[] builtCodes = new byte[size];
            int next = 0;
            for (int i = 0; i < elements.length; i++) {
                if (codes[i] >= 0) {
                    builtElements[next] = elements[i];
                    builtCodes[next++] = codes[i];
                }
            }
            return new WriteSet(builtElements, builtCodes, false);
        }
    }
}
