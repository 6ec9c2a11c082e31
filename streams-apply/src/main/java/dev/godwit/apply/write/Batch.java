package dev.godwit.apply.write;

import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Transaction;
import java.util.List;

/**
 * Source transactions that are written by one target transaction.
 *
 * @param transactions in commit order, at least one
 * @param afterEarlier whether everything earlier is applied: waiting for that is no remedy then
 */
public record Batch(List<Transaction> transactions, boolean afterEarlier) {
    public Batch {
        transactions = List.copyOf(transactions);
        if (transactions.size() > 1 && transactions.stream().anyMatch(Transaction::isSpilled)) {
            throw new IllegalArgumentException("a transaction that is too large for memory is written alone");
        }
    }

    /** A batch before which everything earlier is applied. */
    public Batch(List<Transaction> transactions) {
        this(transactions, true);
    }

    /** Whether it is one transaction that is too large for memory. */
    boolean isSpilled() {
        return transactions.get(0).isSpilled();
    }

    /** Of the last transaction; it names the batch in the ledger. */
    public Position last() {
        return transactions.get(transactions.size() - 1).position();
    }

    /** Of all transactions, in commit order. */
    public List<Position> positions() {
        return transactions.stream().map(Transaction::position).toList();
    }
}
