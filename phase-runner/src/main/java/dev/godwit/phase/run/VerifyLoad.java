package dev.godwit.phase.run;

import dev.godwit.database.filter.TableSlice;
import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Step 4. While the process that loaded is alive, the load's snapshot is too, and the comparison with it is exact. If the process has ended in
 * between, the source has moved on: then structure and row counts still have to fit, and differing rows are only reported, since they may be
 * changes of after the checkpoint; step 9 settles them.
 */
final class VerifyLoad extends Step {
    private final Supplier<StepRecord> load;

    VerifyLoad(PhaseContext context, Supplier<StepRecord> load) {
        super(context);
        this.load = load;
    }

    @Override
    PhaseStep id() {
        return PhaseStep.VERIFY_LOAD;
    }

    @Override
    List<String> plan() {
        return List.of("compare every row of the slice with the load's snapshot, over "
                + context.file.verify().concurrency() + " tables at a time");
    }

    @Override
    Evidence run(Attempt attempt) throws SQLException {
        HeldSnapshot snapshot = context.heldSnapshot();
        Comparison comparison =
                Comparison.run(context, attempt, Optional.ofNullable(snapshot).map(HeldSnapshot::name));
        boolean exact = snapshot != null && snapshot.isAlive();
        Evidence evidence = comparison.evidence().with("compared_with", exact ? "snapshot" : "live source");
        if (exact ? !comparison.isEqual() : !comparison.isStructureEqual()) {
            throw new PhaseFailedException(
                    "the load is not what the source was at the checkpoint: " + comparison.differences(),
                    "keep others from writing to the slice on the target; then start the phase over with --start-over");
        }
        if (!exact) {
            compareCounts();
            attempt.say(
                    "the load's snapshot is gone with the process that loaded, so rows were compared with the live source"
                            + (comparison.isEqual()
                                    ? ""
                                    : ": " + comparison.differences() + "; step 9 will settle them"));
        }
        context.releaseSnapshot();
        return evidence;
    }

    /** Nobody but the load has written the slice on the target, so the counts must fit exactly. */
    private void compareCounts() throws SQLException {
        Evidence loaded = load.get().evidence();
        try (Connection connection = context.target.open();
                Statement statement = connection.createStatement()) {
            for (TableSlice slice : context.slices()) {
                long expected = loaded.entry(BulkLoad.ROWS_BY_TABLE)
                        .path(slice.table().toString())
                        .asLong(-1);
                try (ResultSet row = statement.executeQuery("SELECT count(*) FROM "
                        + context.target.dialect().quote(slice.table())
                        + slice.where(context.target.dialect()))) {
                    row.next();
                    if (row.getLong(1) != expected) {
                        throw new PhaseFailedException(
                                "the target holds " + row.getLong(1) + " rows of " + slice + ", but " + expected
                                        + " were loaded",
                                "keep others from writing to the slice on the target; then start the phase over with --start-over");
                    }
                }
            }
        }
    }
}
