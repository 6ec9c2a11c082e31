package dev.godwit.connectors;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a phase captures: its own tables, and those of {@code _godwit} that mark echoes, drains and heartbeats. */
public final class CapturedTables {
    private CapturedTables() {}

    public static List<TableName> of(Collection<TableName> tables) {
        List<TableName> all = new ArrayList<>(tables);
        all.addAll(LedgerSchema.CAPTURED);
        return List.copyOf(all);
    }
}
