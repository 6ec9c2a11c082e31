package dev.godwit.apply.write;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Key;
import dev.godwit.database.catalog.TableName;
import java.util.Map;
import java.util.Set;

/**
 * A unique or foreign key of the target refuses the batch. Nothing of it is written. It may be taken when everything
 * earlier is applied; each transaction should then be written by itself.
 */
public final class RefusedByConstraintException extends ApplyException {
    private static final long serialVersionUID = 1L;

    /** By table, the keys of rows that wait for others: see {@link HeldUpRows}. */
    private final transient Map<TableName, Set<Key>> heldUp;

    RefusedByConstraintException(String message, Throwable cause) {
        this(message, cause, Map.of());
    }

    RefusedByConstraintException(String message, Throwable cause, Map<TableName, Set<Key>> heldUp) {
        super(message, cause);
        this.heldUp = heldUp;
    }

    /**
     * Whether this row is one of those without which the batch may be taken, as it names a parent that is not there, or has
     * children that are there still. Where nobody has looked for such rows, none is.
     */
    public boolean isHeldUp(TableName table, Key key) {
        return heldUp.getOrDefault(table, Set.of()).contains(key);
    }

    /** Whether there are such rows. */
    public boolean hasHeldUp() {
        return !heldUp.isEmpty();
    }
}
