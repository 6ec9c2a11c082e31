package dev.godwit.apply.write;

import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Transaction;
import java.util.List;

/**
 * Neighbouring source transactions that are written by one target transaction.
 *
 * @param transactions in commit order, at least one, none left out between first and last but empty ones
 */
public record Batch(List<Transaction> transactions) {
    public Batch {
        transactions = List.copyOf(transactions);
        if (transactions.size() > 1 && transactions.stream().anyMatch(Transaction::isSpilled)) {
            throw new IllegalArgumentException("a transaction that is too large for memory is written alone");
        }
    }

    public Position first() {
        return transactions.get(0).position();
    }

    /** Whether it is one transaction that is too large for memory. */
    boolean isSpilled() {
        return transactions.get(0).isSpilled();
    }

    public Position last() {
        return transactions.get(transactions.size() - 1).position();
    }
}
