package dev.godwit.fetch.load;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.shard.Shard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hands out shards. Those of a table come only when all tables that its foreign keys name are complete; and never more at a time of one table, or of more tables,
 * than is allowed. Thread-safe.
 */
final class WorkQueue {
    private final int tablesMax;
    private final int shardsPerTableMax;
    private final Map<TablePlan, List<Shard>> waiting;
    private final List<Shard> ready = new ArrayList<>();
    private final Map<TableName, Integer> openShards = new HashMap<>();
    private final Map<TableName, Integer> travelling = new HashMap<>();
    private final Set<TableName> begun = new HashSet<>();
    private final Set<TableName> openTables = new HashSet<>();
    private boolean stopped;

    /** @param shards at least one for each table; tables come in the order of this map as far as their parents allow */
    WorkQueue(Map<TablePlan, List<Shard>> shards, int tablesMax, int shardsPerTableMax) {
        this.tablesMax = tablesMax;
        this.shardsPerTableMax = shardsPerTableMax;
        this.waiting = new LinkedHashMap<>(shards);
        shards.forEach((table, own) -> {
            openTables.add(table.name());
            openShards.put(table.name(), own.size());
        });
        release();
    }

    private void release() {
        waiting.entrySet().removeIf(entry -> {
            boolean free = entry.getKey().parents().stream().noneMatch(openTables::contains);
            if (free) {
                ready.addAll(entry.getValue());
            }
            return free;
        });
    }

    /** Waits for work. @return null when there is none left, or after {@link #stop} */
    synchronized Shard take() throws InterruptedException {
        while (!stopped) {
            Iterator<Shard> shards = ready.iterator();
            while (shards.hasNext()) {
                Shard shard = shards.next();
                TableName table = shard.table().name();
                boolean mayBegin = begun.contains(table) || begun.size() < tablesMax;
                if (mayBegin && travelling.getOrDefault(table, 0) < shardsPerTableMax) {
                    shards.remove();
                    begun.add(table);
                    travelling.merge(table, 1, Integer::sum);
                    return shard;
                }
            }
            if (ready.isEmpty() && waiting.isEmpty()) {
                return null;
            }
            wait();
        }
        return null;
    }

    /** Returns whether this was the last shard of its table. */
    synchronized boolean shardDone(Shard shard) {
        travelling.merge(shard.table().name(), -1, Integer::sum);
        notifyAll();
        return openShards.merge(shard.table().name(), -1, Integer::sum) == 0;
    }

    /** Lets the children of the table go ahead. */
    synchronized void tableDone(TableName table) {
        openTables.remove(table);
        begun.remove(table);
        release();
        notifyAll();
    }

    synchronized void stop() {
        stopped = true;
        notifyAll();
    }
}
