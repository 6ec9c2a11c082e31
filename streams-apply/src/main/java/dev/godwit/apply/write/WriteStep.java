package dev.godwit.apply.write;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.database.dialect.RowWrite;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * One multi-row statement of a target transaction.
 *
 * @param changes what is written, for messages; one for each row, in the same order
 * @param mustHitAll whether a row that hits nothing is an error: an update that carries only a part of the row
 *     cannot insert it
 */
record WriteStep(RowWrite write, List<String[]> rows, List<Change> changes, boolean mustHitAll) {

    /** One statement carries at most this many rows, and about this many characters: servers bound a message. */
    private static final int ROWS_MAX = 20_000;

    private static final long CHARACTERS_MAX = 32L << 20;

    void execute(Connection connection) throws SQLException {
        int hit = 0;
        for (int from = 0; from < rows.size(); ) {
            int to = endOfStatement(from);
            hit += write.execute(connection, rows.subList(from, to));
            from = to;
        }
        if (mustHitAll && hit != rows.size()) {
            throw new MissingRowException();
        }
    }

    private int endOfStatement(int from) {
        long characters = 0;
        int to = from;
        while (to < rows.size() && to - from < ROWS_MAX && characters < CHARACTERS_MAX) {
            characters += characters(to++);
        }
        return to;
    }

    private long characters(int row) {
        if (changes.get(row).after() != null) {
            return changes.get(row).after().characters(); // counted already
        }
        long characters = 0;
        for (String value : rows.get(row)) {
            characters += value == null ? 0 : value.length();
        }
        return characters;
    }

    /**
     * Runs row by row until one fails, to tell which it was. The transaction must be rolled back afterwards.
     *
     * @return the culprit; null if all went well
     */
    Change firstFailing(Connection connection) {
        for (int i = 0; i < rows.size(); i++) {
            try {
                int hit = write.execute(connection, List.<String[]>of(rows.get(i)));
                if (mustHitAll && hit == 0) {
                    return changes.get(i);
                }
            } catch (SQLException e) {
                return changes.get(i);
            }
        }
        return null;
    }

    /** A row that should be updated is not there. */
    static final class MissingRowException extends ApplyException {
        private static final long serialVersionUID = 1L;

        MissingRowException() {
            super("a row is missing on the replication target");
        }
    }
}
