package dev.godwit.apply.deadletter;

import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.database.catalog.TableName;
import java.time.Instant;
import java.util.Optional;

/**
 * A change that was put aside.
 *
 * @param position of its transaction
 * @param number of the change in its transaction, from 1. Position and number name a letter: if the applier dies while it
 *     puts a transaction aside, the same letters are sent again
 * @param key empty for a TRUNCATE
 * @param origin the record as the connector or changefeed has sent it
 * @param committedAt the transaction, at the replication source
 * @param parkedAt when it was put aside
 * @param replayedAt empty until it has been replayed
 */
public record DeadLetter(
        Position position,
        int number,
        TableName table,
        Optional<Key> key,
        Cause cause,
        Origin origin,
        Instant committedAt,
        Instant parkedAt,
        Optional<Instant> replayedAt) {

    /** Why a change is put aside. */
    public enum Reason {
        /** The target does not take this row. */
        BAD_ROW,
        /** It is good, but another row of its transaction is not. */
        SAME_TRANSACTION,
        /** It changes a row of which an earlier change was put aside. */
        DEPENDS_ON_EARLIER
    }

    /**
     * @param sqlState of the database's refusal; empty if it was none
     * @param message for people
     * @param dependsOn the position of the earlier transaction that was put aside; only for
     *     {@link Reason#DEPENDS_ON_EARLIER}
     */
    public record Cause(Reason reason, Optional<String> sqlState, String message, Optional<Position> dependsOn) {}

    /** Names the letter within its domain. */
    String id() {
        return position + ":" + number;
    }
}
