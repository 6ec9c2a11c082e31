package dev.godwit.apply.conflict;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.TableName;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of the old rows of a table's changes. */
final class TableImages {
    private static final Logger LOG = LoggerFactory.getLogger(TableImages.class);

    private final TableName table;
    private final boolean known;
    private final boolean updatesAreTold;
    private final boolean sliced;
    private final AtomicBoolean hinted = new AtomicBoolean();

    /**
     * @param known whether updates and deletes come with the whole old row; then one that does not is an exception
     * @param updatesAreTold whether an upsert of which no old row is known is surely an update
     * @param sliced whether only a part of the rows is on the target, so that what was a row on the source may be none
     *     there
     */
    TableImages(TableName table, boolean known, boolean updatesAreTold, boolean sliced) {
        this.table = table;
        this.known = known;
        this.updatesAreTold = updatesAreTold;
        this.sliced = sliced;
    }

    boolean areKnown() {
        return known;
    }

    boolean isCreated(Change change) {
        return change.before() != null && change.before().isNone();
    }

    /** Whether the row may be new on the target. */
    boolean mayBeCreated(Change change) {
        return change.operation() == Operation.UPSERT
                && (sliced || isCreated(change) || (change.before() == null && !updatesAreTold));
    }

    /** The old row; null if there was none, or nothing is known of it. */
    Row older(Change change) {
        return isCreated(change) ? null : change.before();
    }

    /** The new row, completed from the old one where it is known; null if the row goes. */
    Row newer(Change change, Row older) {
        if (change.operation() != Operation.UPSERT) {
            return null;
        }
        return older == null || !change.after().isPartial()
                ? change.after()
                : change.after().over(older);
    }

    /**
     * Whether the row holds in these columns what it held before, on the target too.
     *
     * @param never whether that would not mean anything
     */
    boolean staysSame(Change change, KeyColumns columns, Row newer, Row older, boolean never) {
        return !never && !sliced && older != null && !isCreated(change) && columns.isSame(newer, older);
    }

    /** Whether the row keeps what it has in these columns, as nothing of them was sent. */
    boolean isUnsent(Change change, KeyColumns columns, Row newer) {
        return columns.isUnsent(newer) && !isCreated(change);
    }

    void hint(String because) {
        if (hinted.compareAndSet(false, true)) {
            LOG.warn(
                    "the old rows of {} do not come with its changes, and it has {}: its changes will mostly wait for each"
                            + " other. To let them run in parallel, run on the source: ALTER TABLE {} REPLICA IDENTITY FULL",
                    table,
                    because,
                    table);
        }
    }
}
