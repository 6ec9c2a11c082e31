package dev.godwit.verify;

/**
 * How many rows were compared and how that went. {@code truthRows = success + conditionalSuccess + missing + mismatch}.
 *
 * @param truthRows rows of the source
 * @param success rows that are equal in every column
 * @param conditionalSuccess rows that are equal in all columns that could be compared, where others could not
 * @param missing rows on the source only
 * @param mismatch rows on both sides with different values
 * @param extraneous rows on the target only
 * @param columnMismatch columns, not rows, that could not be compared: on one side only, or of types that do not go together
 * @param liveRetry how often a row was checked again while replication runs
 */
public record RowCounts(
        long truthRows,
        long success,
        long conditionalSuccess,
        long missing,
        long mismatch,
        long extraneous,
        long columnMismatch,
        long liveRetry) {
    static final RowCounts NONE = new RowCounts(0, 0, 0, 0, 0, 0, 0);

    /** Of a comparison that checked no row again. */
    public RowCounts(
            long truthRows,
            long success,
            long conditionalSuccess,
            long missing,
            long mismatch,
            long extraneous,
            long columnMismatch) {
        this(truthRows, success, conditionalSuccess, missing, mismatch, extraneous, columnMismatch, 0);
    }

    /** Rows of any kind of difference. */
    public long differingRows() {
        return missing + mismatch + extraneous;
    }

    RowCounts plus(RowCounts other) {
        return new RowCounts(
                truthRows + other.truthRows,
                success + other.success,
                conditionalSuccess + other.conditionalSuccess,
                missing + other.missing,
                mismatch + other.mismatch,
                extraneous + other.extraneous,
                columnMismatch + other.columnMismatch,
                liveRetry + other.liveRetry);
    }
}
