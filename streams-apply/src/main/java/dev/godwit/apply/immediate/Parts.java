package dev.godwit.apply.immediate;

import dev.godwit.apply.change.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Rows that are not written all at once: in parts that may be written one without the other. All changes of a row are in one
 * part. Not thread-safe.
 */
final class Parts {
    /** More of one row's changes are not tried by themselves. */
    private static final int CHANGES_MAX = 30;

    private List<List<List<Item>>> parts;

    private Parts(List<List<List<Item>>> parts) {
        this.parts = parts;
    }

    /** @param rows the changes of each row, in their order; what the last one does decides */
    static Parts byOrder(List<List<Item>> rows, ToIntFunction<Change> writeOrder) {
        TreeMap<Integer, List<List<Item>>> byOrder = new TreeMap<>();
        for (List<Item> row : rows) {
            int order = writeOrder.applyAsInt(row.get(row.size() - 1).change());
            byOrder.computeIfAbsent(order, number -> new ArrayList<>()).add(row);
        }
        return new Parts(new ArrayList<>(byOrder.values()));
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /**
     * Tries each part.
     *
     * @param writer takes a part, and what is not written beside it; says whether it was written
     * @return whether any was
     */
    boolean writeEach(BiPredicate<List<List<Item>>, List<List<Item>>> writer) {
        boolean any = false;
        for (int i = 0; i < parts.size(); ) {
            if (writer.test(parts.get(i), without(i))) {
                parts.remove(i);
                any = true;
            } else {
                i++;
            }
        }
        return any;
    }

    /**
     * Halves each part. Of a row by itself the first of several changes is tried, then the first two, and so on: with the later
     * ones it may be refused for what only they need, and one that gives something up may let go one before it. Else the row goes.
     *
     * @param refused takes the changes of a row
     */
    void split(BiPredicate<List<List<Item>>, List<List<Item>>> writer, Consumer<List<Item>> refused) {
        List<List<List<Item>>> halves = new ArrayList<>();
        for (List<List<Item>> part : List.copyOf(parts)) {
            int middle = part.size() / 2;
            if (middle > 0) {
                halves.add(part.subList(0, middle));
                halves.add(part.subList(middle, part.size()));
                continue;
            }
            List<Item> row = part.get(0);
            int written = writtenOf(part, writer);
            if (written > 0) {
                List<List<Item>> rest = List.of(row.subList(written, row.size()));
                parts.set(parts.indexOf(part), rest);
                halves.add(rest);
            } else {
                parts.remove(part);
                refused.accept(row);
            }
        }
        parts = halves;
    }

    /** @return how many of the changes of its one row could be written without those after them */
    private int writtenOf(List<List<Item>> part, BiPredicate<List<List<Item>>, List<List<Item>>> writer) {
        List<Item> row = part.get(0);
        List<List<Item>> others = without(parts.indexOf(part));
        for (int count = 1; count < Math.min(row.size(), CHANGES_MAX + 1); count++) {
            List<List<Item>> behind = new ArrayList<>(others);
            behind.add(row.subList(count, row.size()));
            if (writer.test(List.of(row.subList(0, count)), behind)) {
                return count;
            }
        }
        return 0;
    }

    /** The rows that are in none but this part. */
    private List<List<Item>> without(int index) {
        List<List<Item>> others = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            if (i != index) {
                others.addAll(parts.get(i));
            }
        }
        return others;
    }

    List<List<Item>> rest() {
        return without(-1);
    }
}
