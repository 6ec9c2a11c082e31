package dev.godwit.database.catalog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Orders tables so that parents come before children. Immutable. */
public final class ForeignKeyOrder {
    private final List<List<TableName>> levels;
    private final NavigableSet<TableName> inCycles;

    private ForeignKeyOrder(List<List<TableName>> levels, NavigableSet<TableName> inCycles) {
        this.levels = levels;
        this.inCycles = inCycles;
    }

    /** Foreign keys from or to tables that are not among {@code tables}, and self-references, do not count. */
    public static ForeignKeyOrder of(Collection<TableName> tables, Collection<ForeignKey> foreignKeys) {
        NavigableSet<TableName> open = new TreeSet<>(tables);
        Map<TableName, Set<TableName>> parents = new HashMap<>();
        for (ForeignKey key : foreignKeys) {
            if (!key.isSelfReference() && open.contains(key.child()) && open.contains(key.parent())) {
                parents.computeIfAbsent(key.child(), child -> new TreeSet<>()).add(key.parent());
            }
        }
        List<List<TableName>> levels = new ArrayList<>();
        while (!open.isEmpty()) {
            List<TableName> level = open.stream()
                    .filter(table ->
                            parents.getOrDefault(table, Set.of()).stream().noneMatch(open::contains))
                    .toList();
            if (level.isEmpty()) {
                break;
            }
            levels.add(level);
            level.forEach(open::remove);
        }
        NavigableSet<TableName> inCycles = new TreeSet<>(open);
        if (!open.isEmpty()) {
            levels.add(List.copyOf(open));
        }
        return new ForeignKeyOrder(List.copyOf(levels), inCycles);
    }

    /** Tables of one level do not refer to each other; each level refers only to levels before it. Cycles stand in the last. */
    public List<List<TableName>> levels() {
        return levels;
    }

    /** Parents first. */
    public List<TableName> parentsFirst() {
        return levels.stream().flatMap(List::stream).toList();
    }

    /** Children first. */
    public List<TableName> childrenFirst() {
        Deque<TableName> reversed = new ArrayDeque<>();
        parentsFirst().forEach(reversed::push);
        return List.copyOf(reversed);
    }

    /** The tables that lie on a cycle of foreign keys, or below one; empty if there is none. */
    public SortedSet<TableName> inCycles() {
        return inCycles;
    }
}
