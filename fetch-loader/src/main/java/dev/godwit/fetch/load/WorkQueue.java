package dev.godwit.fetch.load;

import dev.godwit.database.catalog.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hands out pieces of work: shards, files, batches of files. Those of a table come only when all tables that its foreign keys name are complete; and never more at a time of one
 * table, or of more tables, than is allowed, or than memory has room for. Thread-safe.
 *
 * @param <T> the piece
 */
final class WorkQueue<T> {
    private final int tablesMax;
    private final int piecesPerTableMax;
    private final long bytesMax;
    private final List<Table<T>> waiting;
    private final List<Work<T>> ready = new ArrayList<>();
    private final Map<TableName, Integer> openPieces = new HashMap<>();
    private final Map<TableName, Integer> travelling = new HashMap<>();
    private final Set<TableName> begun = new HashSet<>();
    private final Set<TableName> openTables = new HashSet<>();
    private long bytesTravelling;
    private boolean stopped;

    /**
     * A table with what is to be done for it.
     *
     * @param parents tables that must be complete before
     * @param rowBytes how much memory its longest row needs
     */
    record Table<T>(TableName name, Set<TableName> parents, long rowBytes, List<T> pieces) {
        Table {
            pieces = List.copyOf(pieces);
        }
    }

    /** A piece of a table. */
    record Work<T>(TableName table, long rowBytes, T piece) {}

    /**
     * @param tables come in this order as far as their parents allow; one without pieces is complete
     * @param bytesMax how much memory all rows on their way may need; one row may always travel
     */
    WorkQueue(List<Table<T>> tables, int tablesMax, int piecesPerTableMax, long bytesMax) {
        this.tablesMax = tablesMax;
        this.piecesPerTableMax = piecesPerTableMax;
        this.bytesMax = bytesMax;
        this.waiting = new ArrayList<>(tables);
        waiting.removeIf(table -> table.pieces().isEmpty());
        waiting.forEach(table -> {
            openTables.add(table.name());
            openPieces.put(table.name(), table.pieces().size());
        });
        release();
    }

    private void release() {
        waiting.removeIf(table -> {
            boolean free = table.parents().stream().noneMatch(openTables::contains);
            if (free) {
                table.pieces().forEach(piece -> ready.add(new Work<>(table.name(), table.rowBytes(), piece)));
            }
            return free;
        });
    }

    /** Waits for work. @return null when there is none left, or after {@link #stop} */
    synchronized Work<T> take() throws InterruptedException {
        while (!stopped) {
            Iterator<Work<T>> works = ready.iterator();
            while (works.hasNext()) {
                Work<T> work = works.next();
                if (mayGo(work)) {
                    works.remove();
                    begun.add(work.table());
                    travelling.merge(work.table(), 1, Integer::sum);
                    bytesTravelling += work.rowBytes();
                    return work;
                }
            }
            if (ready.isEmpty() && waiting.isEmpty()) {
                return null;
            }
            wait();
        }
        return null;
    }

    private boolean mayGo(Work<T> work) {
        boolean mayBegin = begun.contains(work.table()) || begun.size() < tablesMax;
        boolean hasRoom = bytesTravelling == 0 || bytesTravelling + work.rowBytes() <= bytesMax;
        return mayBegin && hasRoom && travelling.getOrDefault(work.table(), 0) < piecesPerTableMax;
    }

    /** Returns whether this was the last piece of its table. */
    synchronized boolean done(Work<T> work) {
        travelling.merge(work.table(), -1, Integer::sum);
        bytesTravelling -= work.rowBytes();
        notifyAll();
        return openPieces.merge(work.table(), -1, Integer::sum) == 0;
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
