package dev.godwit.apply.simulation;

import dev.godwit.apply.conflict.WriteSets;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.UniqueKey;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Tables of the same columns with random unique keys and foreign keys, of which some send old rows. */
final class RandomSchema {
    private static final ColumnType TEXT = new ColumnType(TypeKind.TEXT, "text", "text", -1, null);

    private final List<Table> tables = new ArrayList<>();
    private final Map<TableName, ForeignKey> foreignKeys = new HashMap<>();
    private final Set<TableName> oldRows = new HashSet<>();
    private final boolean changefeed;

    /**
     * @param changefeed all tables send old rows
     * @param cascades whether foreign keys may change children with their parent
     */
    RandomSchema(Random random, int tableCount, boolean changefeed, boolean cascades) {
        this.changefeed = changefeed;
        for (int i = 0; i < tableCount; i++) {
            boolean full = changefeed || random.nextBoolean();
            List<UniqueKey> uniqueKeys = new ArrayList<>();
            if (random.nextBoolean()) {
                // A partial index that happens to hold all rows: it can only be known by its columns.
                uniqueKeys.add(new UniqueKey("u", List.of("u"), random.nextInt(4) == 0, true));
            }
            Table table = table("t" + i, uniqueKeys, full);
            tables.add(table);
            if (full) {
                oldRows.add(table.name());
            }
            if (random.nextInt(3) > 0) {
                TableName parent = tables.get(random.nextInt(tables.size())).name();
                foreignKeys.put(
                        table.name(),
                        new ForeignKey(
                                "f" + i,
                                table.name(),
                                List.of("p"),
                                parent,
                                List.of("id"),
                                false,
                                random.nextBoolean() && cascades));
            }
        }
    }

    private static Table table(String name, List<UniqueKey> uniqueKeys, boolean full) {
        return new Table(
                new TableName("s", name),
                List.of(
                        column("id", false),
                        column("r"),
                        column("v"),
                        column("big"),
                        column("u"),
                        column("p"),
                        column("late")),
                List.of("id"),
                uniqueKeys,
                full ? ReplicaIdentity.FULL : ReplicaIdentity.DEFAULT);
    }

    private static Column column(String name) {
        return column(name, true);
    }

    private static Column column(String name, boolean nullable) {
        return new Column(name, TEXT, nullable, Generation.NONE, false);
    }

    List<Table> tables() {
        return tables;
    }

    Catalog catalog() {
        return new Catalog(tables, foreignKeys.values());
    }

    WriteSets writeSets(Set<TableName> sliced, int rowsMax) {
        Catalog catalog = catalog();
        WriteSets.Images images = new WriteSets.Images(oldRows, sliced, !changefeed);
        return new WriteSets(catalog, catalog.tables().keySet(), images, rowsMax);
    }

    boolean sendsOldRows(Table table) {
        return oldRows.contains(table.name());
    }

    /** Null if the table has none. */
    Table parentOf(Table table) {
        ForeignKey key = foreignKeys.get(table.name());
        return key == null
                ? null
                : tables.stream()
                        .filter(parent -> parent.name().equals(key.parent()))
                        .findFirst()
                        .orElseThrow();
    }

    boolean refersTo(Table child, Table parent) {
        ForeignKey key = foreignKeys.get(child.name());
        return key != null && key.parent().equals(parent.name());
    }

    boolean isParent(Table table) {
        return tables.stream().anyMatch(child -> refersTo(child, table));
    }

    boolean isInForeignKey(Table table) {
        return isParent(table) || foreignKeys.containsKey(table.name());
    }
}
