package dev.godwit.fetch.cli;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.Continuation;
import dev.godwit.fetch.state.TableToken;
import dev.godwit.fetch.state.Tokens;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options about carrying on a load that broke off. */
final class ContinuationFlags {
    @Option(
            names = "--fetch-id",
            paramLabel = "ID",
            description =
                    "Carry on the load of this id, which broke off: with the same options otherwise. With import-only: the load whose files"
                            + " are imported.")
    private String fetchId;

    @Option(
            names = "--continuation-token",
            paramLabel = "TOKEN",
            description = "Carry on with one table of a load, as godwit fetch tokens list names it.")
    private String token;

    @Option(
            names = "--continuation-file-name",
            paramLabel = "FILE",
            description =
                    "Carry on with the table of this file, and with the file first. Files that are in are never loaded again. Needs"
                            + " --fetch-id.")
    private String fileName;

    @Option(
            names = "--keep-snapshot",
            paramLabel = "MINUTES",
            defaultValue = "60",
            description =
                    "How long the source keeps the snapshot and the slot for --fetch-id, after a load has ended before its time. 0: the slot is"
                            + " dropped at once, and the load cannot be continued. Default: ${DEFAULT-VALUE}")
    private int keepMinutes = (int) Continuation.DEFAULT_KEEP.toMinutes();

    /** @throws RefusedException if there is nothing of that name to carry on */
    Continuation read(Database target) {
        if (keepMinutes < 0) {
            throw new RefusedException("--keep-snapshot is " + keepMinutes, "give a number of minutes, or 0");
        }
        if (fileName != null && fetchId == null) {
            throw new RefusedException("--continuation-file-name is given without --fetch-id", "give both");
        }
        Duration keep = Duration.ofMinutes(keepMinutes);
        try {
            if (token != null) {
                return byToken(target, keep);
            }
            Optional<TableName> table = fileName == null ? Optional.empty() : Optional.of(tableOfFile(target));
            return new Continuation(Optional.ofNullable(fetchId), table, Optional.ofNullable(fileName), keep);
        } catch (SQLException e) {
            throw new RefusedException(
                    "what the target remembers of loads cannot be read: " + e.getMessage(),
                    "mend the cause that the server names; nothing was written",
                    e);
        }
    }

    private Continuation byToken(Database target, Duration keep) throws SQLException {
        TableToken found = Tokens.find(target, token)
                .orElseThrow(() -> new RefusedException(
                        "there is no active continuation token " + token, "look at godwit fetch tokens list"));
        if (fetchId != null && !fetchId.equals(found.fetchId())) {
            throw new RefusedException(
                    "token " + token + " belongs to load " + found.fetchId() + ", not to " + fetchId,
                    "leave --fetch-id away");
        }
        return new Continuation(
                Optional.of(found.fetchId()), Optional.of(found.table()), Optional.ofNullable(fileName), keep);
    }

    private TableName tableOfFile(Database target) throws SQLException {
        try (Connection connection = target.open()) {
            Optional<TableName> table =
                    Tokens.exist(connection) ? Tokens.tableOfFile(target, fetchId, fileName) : Optional.empty();
            return table.orElseThrow(() -> new RefusedException(
                    "load " + fetchId + " knows no file " + fileName, "look at godwit fetch tokens list"));
        }
    }
}
