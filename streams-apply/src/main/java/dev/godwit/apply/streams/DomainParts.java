package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.ledger.DomainNames;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.database.ledger.LedgerSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** One of the ordering domains that are applied by a Kafka Streams application of their own, with its tables. */
record DomainParts(ApplyConfig config, Tables tables) {

    /**
     * What a direction falls into.
     *
     * @param config of the direction
     * @param tables of the direction
     */
    static List<DomainParts> of(ApplyConfig config, Tables tables) {
        if (config.mode() != ApplyMode.GROUPED) {
            return List.of(new DomainParts(config, tables));
        }
        List<SortedSet<TableName>> groups = TableGroups.of(
                config.slices().stream().map(TableSlice::table).toList(),
                tables.targetCatalog().foreignKeys());
        List<DomainParts> parts = new ArrayList<>();
        for (SortedSet<TableName> group : groups) {
            List<TableSlice> slices = config.slices().stream()
                    .filter(slice -> group.contains(slice.table()))
                    .toList();
            Map<String, TableName> topics = new HashMap<>(config.topics());
            topics.values().removeIf(table -> !group.contains(table) && !LedgerSchema.CAPTURED.contains(table));
            ApplyConfig part = config.part(
                    DomainNames.group(config.domain(), group),
                    slices,
                    topics,
                    config.limits().sharedBy(groups.size()));
            parts.add(new DomainParts(part, tables.only(group)));
        }
        return parts;
    }
}
