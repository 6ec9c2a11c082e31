package dev.godwit.apply.streams;

import dev.godwit.apply.decode.Event;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What mode grouped makes of tables and events, for simulations. */
public final class Groups {
    private Groups() {}

    /** The groups of all tables. */
    public static List<SortedSet<TableName>> of(Catalog catalog) {
        return TableGroups.of(catalog.tables().keySet(), catalog.foreignKeys());
    }

    /** The event as a group reads it. */
    public static Event own(Event event, Set<TableName> group) {
        return OwnCollections.own(
                event,
                Stream.concat(group.stream(), LedgerSchema.CAPTURED.stream())
                        .map(TableName::toString)
                        .collect(Collectors.toSet()));
    }
}
