package dev.godwit.verify;

import dev.godwit.verify.checksum.KeyRange;
import java.util.List;

/** A key range in our own order: what a database delivers for the range must lie in it. */
record KeyBounds(RowKey from, RowKey to) {

    static KeyBounds of(TablePlan plan, KeyRange range) {
        return new KeyBounds(key(plan, range.from()), key(plan, range.to()));
    }

    private static RowKey key(TablePlan plan, List<String> texts) {
        return texts.isEmpty() ? null : plan.rowKey(texts);
    }

    /** An end has as many parts as split keys have, perhaps fewer than the key. */
    boolean contains(RowKey key) {
        return (from == null || from.compareTo(key) <= 0) && (to == null || to.compareTo(key) > 0);
    }
}
