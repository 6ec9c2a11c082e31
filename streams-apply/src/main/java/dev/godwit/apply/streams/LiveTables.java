package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.OperatorLog;
import dev.godwit.apply.decode.CapturedTable;
import dev.godwit.apply.decode.SchemaChangedException;
import dev.godwit.apply.ledger.FencedException;
import dev.godwit.apply.ledger.NotedTable;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tables as an applier knows them now. When it fails, both catalogs are read again: if they have changed and fit each
 * other, it goes on with what they say now, as a new owner of its domain would: from the restart offsets, with everything that
 * is made from the catalogs (decoder, write sets, statements) made anew. So rows of two states of a table never meet.
 *
 * <p>Thread-safe.
 */
final class LiveTables {
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);

    private final ApplyConfig config;
    private volatile Tables current;
    private volatile long lookedAt;
    /** The oldest that a thread works with: where several do, one sees a change first, and the others have to begin anew, too. */
    private final Map<Thread, Tables> opened = new ConcurrentHashMap<>();

    LiveTables(ApplyConfig config, Tables read) {
        this.config = config;
        this.current = read;
        this.lookedAt = System.nanoTime();
    }

    Tables current() {
        return current;
    }

    /**
     * The same for a new owner, which may have waited for long since it read the catalogs, and works in the thread that asks.
     *
     * @throws ApplyException if the source has other types meanwhile
     */
    Tables forNewOwner() {
        if (System.nanoTime() - lookedAt > LOOK_AGAIN_AFTER.toNanos()) {
            ApplyException otherType = null;
            try {
                otherType = otherType(Tables.source(config).tables().values());
                lookedAt = System.nanoTime();
            } catch (RefusedException e) {
                OperatorLog.LOG.warn(
                        "{}: cannot look whether the tables have changed, takes over with what it knows: {}",
                        config.domain(),
                        e.getMessage());
            }
            if (otherType != null) {
                throw otherType;
            }
        }
        Tables now = current;
        opened.putIfAbsent(Thread.currentThread(), now);
        return now;
    }

    /**
     * Looks whether a change of the tables explains a failure of this thread, and is one to go on with.
     *
     * @return null if the applier may go on, with {@link #current()} as it is then; else why it has to stop
     */
    synchronized Throwable after(Throwable failure) {
        Tables known = opened.remove(Thread.currentThread());
        if (!(failure instanceof ApplyException) || failure instanceof FencedException) {
            return failure;
        }
        Tables now;
        try {
            now = Tables.read(config);
        } catch (RefusedException e) {
            return failure instanceof SchemaChangedException changed
                    ? stopped(changed, e.getMessage(), e.remedy(), e)
                    : failure;
        }
        if (failure instanceof SchemaChangedException changed && !isExplained(changed, now)) {
            return failure;
        }
        if (now.isSame(known == null ? current : known)) {
            return failure;
        }
        if (now.isSame(current)) {
            return null; // another thread has seen the change first
        }
        ApplyException otherType = otherType(now.sourceTables());
        if (otherType != null) {
            return otherType;
        }
        OperatorLog.LOG.info(
                "{}: the tables have changed; goes on with their new columns, from the ledger: {}",
                config.domain(),
                failure.getMessage());
        current = now;
        return null;
    }

    private static ApplyException stopped(SchemaChangedException changed, String why, String remedy, Exception cause) {
        return new ApplyException(
                "the columns of " + changed.table() + " have changed while changes flow (column \"" + changed.column()
                        + "\" at " + changed.origin() + "): " + why + "; " + remedy
                        + ", or ignore the column (--ignore-column, apply.ignore-columns); then start the applier again, nothing is lost",
                cause);
    }

    /** Whether the message that did not fit would fit now, or another one would stop the applier. */
    private static boolean isExplained(SchemaChangedException changed, Tables now) {
        CapturedTable table = now.captured().get(changed.table());
        boolean there =
                table != null && table.sourceTable().column(changed.column()).isPresent();
        return switch (changed.mismatch()) {
            case UNKNOWN_COLUMN -> there;
            case MISSING_COLUMN -> !there;
            case OTHER_TYPE -> true; // what has changed is seen below
        };
    }

    /** Null if what was written by the former types can be read by the new ones. */
    private ApplyException otherType(Collection<Table> source) {
        for (Table table : source) {
            CapturedTable former = current.captured().get(table.name());
            for (Column column : former == null ? List.<Column>of() : table.columns()) {
                Column before = former.sourceTable().column(column.name()).orElse(column);
                if (!FormerTables.readsAlike(config.format(), NotedTable.column(before), NotedTable.column(column))) {
                    return new ApplyException("the type of column \"" + column.name() + "\" of " + table
                            + " has changed from " + before.type() + " to " + column.type()
                            + " on the replication source, while changes that were written by the former type may still be on their way:"
                            + " they would be read wrongly. Give the column its former type back on both sides and start the applier again,"
                            + " or load the phase again; such a change needs a drain before it");
                }
            }
        }
        return null;
    }
}
