package dev.godwit.fetch;

import dev.godwit.database.catalog.TableName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hands out shards. Those of a table come only when all tables that its foreign keys name are complete. Thread-safe. */
final class WorkQueue {
    private final Map<TablePlan, List<Shard>> waiting;
    private final Deque<Shard> ready = new ArrayDeque<>();
    private final Map<TableName, Integer> openShards = new HashMap<>();
    private final Set<TableName> openTables = new HashSet<>();
    private boolean stopped;

    /** @param shards at least one for each table; tables come in the order of this map as far as their parents allow */
    WorkQueue(Map<TablePlan, List<Shard>> shards) {
        this.waiting = new java.util.LinkedHashMap<>(shards);
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
        while (!stopped && ready.isEmpty() && !waiting.isEmpty()) {
            wait();
        }
        return stopped ? null : ready.poll();
    }

    /** Returns whether this was the last shard of its table. */
    synchronized boolean shardDone(Shard shard) {
        return openShards.merge(shard.table().name(), -1, Integer::sum) == 0;
    }

    /** Lets the children of the table go ahead. */
    synchronized void tableDone(TableName table) {
        openTables.remove(table);
        release();
        notifyAll();
    }

    synchronized void stop() {
        stopped = true;
        notifyAll();
    }
}
