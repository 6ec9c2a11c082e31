package dev.godwit.fetch.source;

import dev.godwit.database.Database;
import dev.godwit.database.ledger.LedgerSchema;
import java.sql.Connection;
import java.sql.SQLException;

/** The schema {@code _godwit} of one side. */
public final class LedgerTables {
    private LedgerTables() {}

    /** Does nothing where it is there. */
    public static void create(Database database) throws SQLException {
        try (Connection connection = database.open()) {
            LedgerSchema.create(connection);
        }
    }
}
