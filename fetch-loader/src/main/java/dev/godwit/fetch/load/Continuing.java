package dev.godwit.fetch.load;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.fetch.session.SqlFailure;
import dev.godwit.fetch.state.FetchLedger;
import dev.godwit.fetch.state.LoadState;
import dev.godwit.fetch.state.Tokens;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Looks up a load that is to be carried on. */
final class Continuing {
    private Continuing() {}

    /** @throws RefusedException if the target knows no such load, or it is complete */
    static LoadState require(FetchLedger ledger, Database target) {
        LoadState state = find(ledger, target)
                .orElseThrow(() -> new RefusedException(
                        "the target knows no load " + ledger.fetchId(),
                        "look at godwit fetch tokens list; nothing was written"));
        if (state.stage() == LoadState.Stage.COMPLETE) {
            throw new RefusedException(
                    "load " + ledger.fetchId() + " is complete", "there is nothing to continue; nothing was written");
        }
        return state;
    }

    static Optional<LoadState> find(FetchLedger ledger, Database target) {
        try (Connection connection = target.open()) {
            return Tokens.exist(connection) ? ledger.load() : Optional.empty();
        } catch (SQLException e) {
            throw new RefusedException(
                    "what the target remembers of load " + ledger.fetchId() + " cannot be read: "
                            + SqlFailure.describe(e),
                    "mend the cause that the server names, then run it again; nothing was written",
                    e);
        }
    }

    /** @throws RefusedException if the load was begun with other words */
    static void requireSame(LoadState state, String way, String plan) {
        if (!state.way().equals(way)) {
            throw new RefusedException(
                    "load " + state.fetchId() + " was begun " + described(state.way()) + ", and is now to go on "
                            + described(way),
                    "give the same options as at the beginning; nothing was written");
        }
        if (!state.plan().equals(plan)) {
            throw new RefusedException(
                    "load " + state.fetchId()
                            + " was begun with other tables, columns or filters, or from another source",
                    "give the same options as at the beginning: tables, columns and filters were\n"
                            + state.plan().lines().skip(1).collect(java.util.stream.Collectors.joining("\n")));
        }
    }

    private static String described(String way) {
        return way.equals(LoadState.DIRECT) ? "without files" : "through files in " + way;
    }
}
