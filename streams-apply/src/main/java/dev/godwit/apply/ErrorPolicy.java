package dev.godwit.apply;

/**
 * What an applier does with failures.
 *
 * @param badRows what to do with a row that the target does not take
 * @param retriesMax a failing target transaction is tried so often, if its time does not end before
 * @param deadLettersMax the applier stops when so many changes have been put aside and not been replayed: by then it is not
 *     a few bad rows, but something that somebody has to look at
 */
public record ErrorPolicy(BadRows badRows, int retriesMax, int deadLettersMax) {
    private static final int RETRIES_MAX = 1_000;

    /** The default of {@link #deadLettersMax}. */
    public static final int DEAD_LETTERS_MAX = 10_000;

    /** What to do with a row that the target does not take. */
    public enum BadRows {
        /** Stop, and name it. */
        STOP,
        /** Put the whole transaction that holds it aside: a reader of the target never sees a part of a transaction. */
        DEAD_LETTER,
        /** Put this row aside, and apply the rest of its transaction. */
        DEAD_LETTER_ROW
    }

    /** The default: the first bad row stops the applier. */
    public static ErrorPolicy stopping() {
        return of(BadRows.STOP);
    }

    public static ErrorPolicy of(BadRows badRows) {
        return new ErrorPolicy(badRows, RETRIES_MAX, DEAD_LETTERS_MAX);
    }
}
