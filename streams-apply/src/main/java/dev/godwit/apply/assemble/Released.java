package dev.godwit.apply.assemble;

import dev.godwit.apply.change.Transaction;

/** Where whole transactions go, in commit order. */
public interface Released {

    /** @param holder to be released when the transaction is covered by the consistent point in the ledger */
    void release(Transaction transaction, RestartOffsets.Holder holder);
}
