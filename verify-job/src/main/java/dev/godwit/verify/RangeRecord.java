package dev.godwit.verify;

import java.io.IOException;

/** Hears what the comparison of a range finds, and may write it down. */
interface RangeRecord extends RangeResult, AutoCloseable {

    /** The range is through: what was heard is durable when this returns. */
    void finish() throws IOException;

    @Override
    void close() throws IOException;

    /** Writes nothing down. */
    static RangeRecord none(RangeResult result) {
        return new RangeRecord() {
            @Override
            public void differs(RowDifference difference) {
                result.differs(difference);
            }

            @Override
            public void add(Tally more) {
                result.add(more);
            }

            @Override
            public void finish() {}

            @Override
            public void close() {}
        };
    }
}
