package dev.godwit.verify;

import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.value.KeyOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How the rows of one table are read on both sides and put against each other.
 *
 * @param key positions in {@code columns} of the primary key, in key order
 * @param keyOrder one per element of {@code key}
 * @param columnMismatch how many columns are left out because they cannot be compared
 * @param sourceRelation SQL that stands between FROM and AS on the source: a name, or a query in parentheses where tables were merged
 * @param targetRelation the same for the target
 */
record TablePlan(
        TablePair pair,
        List<ComparedColumn> columns,
        List<Integer> key,
        List<KeyOrder> keyOrder,
        int columnMismatch,
        String sourceRelation,
        String targetRelation) {

    /** What reports call the table. */
    TableName table() {
        return pair.name();
    }

    /**
     * The key as an object that compares.
     *
     * @param texts in key order
     * @throws IllegalArgumentException or {@link java.time.DateTimeException} or {@link ArithmeticException} if a text is no value of its type
     */
    RowKey rowKey(List<String> texts) {
        List<Comparable<?>> parts = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            parts.add(keyOrder.get(i).part(texts.get(i)));
        }
        return new RowKey(parts);
    }

    /** The key's texts by the names of the columns. */
    Map<String, String> namedKey(List<String> texts) {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            named.put(columns.get(key.get(i)).name(), texts.get(i));
        }
        return named;
    }

    /** The same with the key and those of the other columns for which the condition holds. */
    TablePlan only(Predicate<ComparedColumn> condition) {
        List<ComparedColumn> chosen = new ArrayList<>();
        List<Integer> keyOfChosen = new ArrayList<>(key);
        for (int i = 0; i < columns.size(); i++) {
            int keyPart = key.indexOf(i);
            if (keyPart >= 0) {
                keyOfChosen.set(keyPart, chosen.size());
            }
            if (keyPart >= 0 || condition.test(columns.get(i))) {
                chosen.add(columns.get(i));
            }
        }
        return new TablePlan(pair, chosen, keyOfChosen, keyOrder, columnMismatch, sourceRelation, targetRelation);
    }
}
