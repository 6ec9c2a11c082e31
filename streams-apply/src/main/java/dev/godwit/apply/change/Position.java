package dev.godwit.apply.change;

/**
 * A place in the log of a replication source, after which a transaction's changes stand. Positions of one log are
 * totally ordered, in commit order.
 *
 * <p>{@code toString()} is the form in which the ledger keeps it, and {@link #parse(String)} reads that form again.
 */
public sealed interface Position extends Comparable<Position> permits Lsn, BinlogPosition, HybridTimestamp {

    /** @throws IllegalArgumentException if the text is no position */
    static Position parse(String text) {
        if (text.indexOf(':') >= 0) {
            return BinlogPosition.parse(text);
        }
        return text.indexOf('/') >= 0 ? Lsn.parse(text) : HybridTimestamp.parse(text);
    }
}
