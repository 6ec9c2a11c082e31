package dev.godwit.verify;

/** Counts of rows, of a range or of a table. {@code equal} are those found equal in every column that was compared. Not thread-safe. */
final class Tally {
    long truthRows;
    long equal;
    long missing;
    long mismatch;
    long extraneous;

    void add(Tally other) {
        truthRows += other.truthRows;
        equal += other.equal;
        missing += other.missing;
        mismatch += other.mismatch;
        extraneous += other.extraneous;
    }

    void addEqual(long rows) {
        truthRows += rows;
        equal += rows;
    }

    long differing() {
        return missing + mismatch + extraneous;
    }

    RowCounts counts(int columnMismatch) {
        boolean whole = columnMismatch == 0;
        return new RowCounts(
                truthRows, whole ? equal : 0, whole ? 0 : equal, missing, mismatch, extraneous, columnMismatch);
    }

    void clear() {
        truthRows = 0;
        equal = 0;
        missing = 0;
        mismatch = 0;
        extraneous = 0;
    }
}
