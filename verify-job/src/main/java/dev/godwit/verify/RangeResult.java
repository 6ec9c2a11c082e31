package dev.godwit.verify;

/** Hears what the comparison of a key range finds. */
interface RangeResult {
    /** Differences come in key order. May wait until those of earlier ranges are told. */
    void differs(RowDifference difference);

    /** More rows were compared. The tally is the caller's to change afterwards. */
    void add(Tally more);
}
