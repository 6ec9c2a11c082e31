package dev.godwit.verify;

import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.live.ConsistentPointWait;
import dev.godwit.verify.live.ConsistentPoints;
import dev.godwit.verify.live.LogPosition;
import dev.godwit.verify.live.SourceClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells real differences of a table from those of time only, while replication runs.
 *
 * <p>One round reads the rows on the source, asks where the source's log stands, waits until the consistent point has passed that position, reads
 * the rows on the target, and reads them on the source once more. What the target shows then is at least as new as the first reading
 * and not newer than the second. A row that the target shows as one of the two readings is equal. Of others a {@link RowWitness} tells whether replication
 * will not mend them. Any other row is being written to; it goes into the next round.
 */
final class LiveRecheck {
    /** What one round holds of the source's rows. */
    private static final long CHARACTERS_PER_ROUND = 32L << 20;

    private final VerifyRequest request;
    private final LiveSettings settings;
    private final TablePlan plan;
    private final StopSignal stop;
    private final RowJudge judge;
    private final Consumer<RowDifference> real;
    private final long deadline;
    private final RowWitness witness;
    private long equal;
    private long absent;
    private long missing;
    private long mismatch;
    private long extraneous;
    private long retries;
    private Duration waited = Duration.ZERO;

    /** A row that is not settled yet. */
    private static final class Open {
        private final List<String> key;
        private final RowKey rowKey;
        private final RowWitness.History history = new RowWitness.History();
        private KeyedRow source;

        Open(List<String> key, RowKey rowKey) {
            this.key = key;
            this.rowKey = rowKey;
        }
    }

    LiveRecheck(
            VerifyRequest request,
            LiveSettings settings,
            TablePlan plan,
            StopSignal stop,
            Consumer<RowDifference> real) {
        this.request = request;
        this.settings = settings;
        this.plan = plan;
        this.stop = stop;
        this.judge = new RowJudge(plan);
        this.witness = RowWitness.of(request.source().product(), judge::difference);
        this.real = real;
        this.deadline = System.nanoTime() + settings.timeout().toNanos();
    }

    /**
     * Settles all rows; tells of each real difference once.
     *
     * @return the counts of these rows
     * @throws VerifyFailedException if some are not settled in time
     */
    RowCounts settle(List<List<String>> keys) throws SQLException {
        List<Open> unread = new ArrayList<>();
        keys.forEach(key -> unread.add(new Open(key, plan.rowKey(key))));
        try (KeyedRows source = KeyedRows.ofSource(request.source(), plan, stop);
                KeyedRows target = KeyedRows.ofTarget(request.target(), plan, stop)) {
            int next = 0;
            while (next < unread.size()) {
                List<Open> open = new ArrayList<>();
                next = readSource(source, unread, next, open);
                while (!open.isEmpty()) {
                    open = round(source, target, open);
                }
            }
        }
        boolean whole = plan.columnMismatch() == 0;
        return new RowCounts(
                equal + missing + mismatch,
                whole ? equal : 0,
                whole ? 0 : equal,
                missing,
                mismatch,
                extraneous,
                0,
                retries);
    }

    /** How long it waited for the consistent point. */
    Duration waited() {
        return waited;
    }

    /** How many rows both sides had lost meanwhile. */
    long absent() {
        return absent;
    }

    /** @return where to go on */
    private int readSource(KeyedRows source, List<Open> from, int start, List<Open> open) throws SQLException {
        long characters = 0;
        int next = start;
        while (next < from.size() && characters < CHARACTERS_PER_ROUND) {
            List<Open> batch = from.subList(next, Math.min(from.size(), next + settings.rowsPerQuery()));
            Map<RowKey, KeyedRow> rows = source.read(keys(batch));
            for (Open row : batch) {
                row.source = rows.get(row.rowKey);
                characters += row.source == null ? 0 : row.source.characters();
            }
            open.addAll(batch);
            next += batch.size();
        }
        return next;
    }

    /** @return what is still not settled, with the source's rows as they are now */
    private List<Open> round(KeyedRows source, KeyedRows target, List<Open> open) throws SQLException {
        retries += open.size();
        await(SourceClock.now(request.source()), open.size());
        List<Open> unsettled = new ArrayList<>();
        for (int i = 0; i < open.size(); i += settings.rowsPerQuery()) {
            List<Open> batch = open.subList(i, Math.min(open.size(), i + settings.rowsPerQuery()));
            Map<RowKey, KeyedRow> there = target.read(keys(batch));
            Map<RowKey, KeyedRow> now = source.read(keys(batch));
            for (Open row : batch) {
                if (!isSettled(row, there.get(row.rowKey), now.get(row.rowKey))) {
                    row.source = now.get(row.rowKey);
                    unsettled.add(row);
                }
            }
        }
        if (!unsettled.isEmpty() && System.nanoTime() - deadline > 0) {
            throw notSettled(unsettled.size(), "they are written to all the time");
        }
        return unsettled;
    }

    private boolean isSettled(Open row, KeyedRow target, KeyedRow sourceNow) {
        if (judge.difference(row.key, sourceNow, target).isEmpty()
                || judge.difference(row.key, row.source, target).isEmpty()) {
            if (target == null) {
                absent++;
            } else {
                equal++;
            }
            return true;
        }
        Optional<RowDifference> difference =
                witness.real(row.key, new RowWitness.Round(row.source, target, sourceNow), row.history);
        difference.ifPresent(found -> {
            switch (found.kind()) {
                case MISSING -> missing++;
                case MISMATCH -> mismatch++;
                case EXTRANEOUS -> extraneous++;
            }
            real.accept(found);
        });
        return difference.isPresent();
    }

    private void await(LogPosition position, int rows) throws SQLException {
        long start = System.nanoTime();
        try {
            ConsistentPoints.Point point =
                    new ConsistentPointWait(request.target(), domains()).await(position, deadline, stop::isGiven);
            stop.check();
            if (!point.hasPassed(position)) {
                throw notSettled(
                        rows,
                        "the consistent point of domain " + point.domain() + " stands at "
                                + point.position().map(LogPosition::toString).orElse("nothing")
                                + " and has not passed " + position);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VerifyFailedException("the comparison was interrupted", "verify again", e);
        } finally {
            waited = waited.plusNanos(System.nanoTime() - start);
        }
    }

    private Set<String> domains() {
        Set<TableName> tables = new HashSet<>(plan.pair().sources());
        tables.add(plan.pair().target());
        return settings.domains().of(tables);
    }

    private VerifyFailedException notSettled(int rows, String why) {
        return new VerifyFailedException(
                rows + " rows of " + plan.table() + " could not be settled within "
                        + settings.timeout().toSeconds() + " s: " + why,
                "see that the applier runs and that heartbeats reach the source, or give a longer --live-timeout");
    }

    private static List<List<String>> keys(List<Open> rows) {
        Map<RowKey, List<String>> keys = new LinkedHashMap<>();
        rows.forEach(row -> keys.put(row.rowKey, row.key));
        return List.copyOf(keys.values());
    }
}
