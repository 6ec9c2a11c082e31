package dev.godwit.apply.deadletter;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Position;
import dev.godwit.database.catalog.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of which a change was put aside and not replayed yet. Later changes of them must not be applied before:
 * replaying would bring the older value back. Thread-safe.
 */
final class ParkedKeys {
    private final Map<TableName, Map<Key, Position>> keys = new HashMap<>();
    /** A TRUNCATE was put aside: every later change of the table comes after it. */
    private final Map<TableName, Position> tables = new HashMap<>();

    private int letters;

    synchronized void replaceBy(Collection<DeadLetter> open) {
        keys.clear();
        tables.clear();
        letters = 0;
        open.forEach(this::add);
    }

    synchronized void add(DeadLetter letter) {
        letters++;
        if (letter.key().isPresent()) {
            keys.computeIfAbsent(letter.table(), table -> new HashMap<>())
                    .put(letter.key().get(), letter.position());
        } else {
            tables.put(letter.table(), letter.position());
        }
    }

    synchronized int letters() {
        return letters;
    }

    synchronized boolean isEmpty() {
        return letters == 0;
    }

    /** The position of the transaction put aside that this change has to follow. */
    synchronized Optional<Position> before(Change change) {
        TableName table = change.table().name();
        Position whole = tables.get(table);
        if (whole != null) {
            return Optional.of(whole);
        }
        Map<Key, Position> rows = keys.get(table);
        if (rows == null) {
            return Optional.empty();
        }
        if (change.operation() == Operation.TRUNCATE) {
            return rows.values().stream().findFirst();
        }
        Position row = rows.get(change.key());
        return Optional.ofNullable(row == null && change.movedFrom() != null ? rows.get(change.movedFrom()) : row);
    }
}
