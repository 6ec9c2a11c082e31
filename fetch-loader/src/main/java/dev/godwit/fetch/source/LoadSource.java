package dev.godwit.fetch.source;

import dev.godwit.database.RefusedException;
import dev.godwit.fetch.plan.LoadPlan;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.state.LoadState;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The source's part of one load: the checkpoint, the one snapshot that all workers see, and what is kept of it for a continuation.
 *
 * <p>Order of calls: {@link #begin} or {@link #takeOver}, then readers and measures, then {@link #release} when nothing is left to be read. {@link #drop} takes back what this object
 * created. Only {@link #cancel} and {@link #reader} may be called from other threads.
 */
public interface LoadSource {

    /**
     * What a new load begins with.
     *
     * @param cdcCursor the position in the source's log that the snapshot belongs to; empty if no checkpoint was taken
     * @param held the name by which a continuation finds the snapshot; empty if none is kept for one
     */
    record Begun(String cdcCursor, Optional<String> held) {}

    /** Takes checkpoint and snapshot. The schema {@code _godwit} is there on the target afterwards. */
    Begun begin(LoadPlan plan) throws SQLException, LoadBrokenException;

    /**
     * Joins the snapshot of an earlier run.
     *
     * @return the name by which the next continuation finds it; the target is to remember it before {@link #tookOver}
     * @throws RefusedException if it is gone: rows of another would not go together with those that are in
     */
    Optional<String> takeOver(LoadPlan plan, LoadState state) throws SQLException;

    /** The name that {@link #takeOver} has returned is remembered: what kept the snapshot under another is not needed any more. */
    void tookOver() throws SQLException;

    /** One for each worker. */
    SourceReader reader(int worker);

    /** Another connection on the same snapshot, in place of one that was lost. @return whether the snapshot is still held */
    boolean reopen(int worker);

    /** Conditions that cut the slice, so that each row is in exactly one; one empty one if it stays whole. */
    List<String> ranges(TablePlan table) throws SQLException;

    /** What the server guesses. */
    long rowsEstimated(TablePlan table) throws SQLException;

    /**
     * About how many bytes the longest row has, 0 where it does not matter.
     *
     * @throws RefusedException naming the column, if a value cannot travel
     */
    long longestRow(TablePlan table) throws SQLException;

    /**
     * Nothing is left to be read: lets the snapshot go. May be repeated.
     *
     * @param heldBefore the name under which an earlier run has kept it, for a run that has neither begun nor taken over anything
     */
    void release(Optional<String> heldBefore) throws SQLException;

    /** @throws LoadBrokenException if replication could not carry on from the checkpoint any more */
    void requireIntact() throws SQLException, LoadBrokenException;

    /** Statements for the target that bring its sequences to where those of the source stand. */
    List<String> sequences(LoadPlan plan) throws SQLException;

    /** Ends what {@link #begin} waits for. Called by another thread, perhaps several times. */
    void cancel();

    /** The load is given up: drops what {@link #begin} has created, and lets the snapshot go. Does nothing the second time. */
    void drop() throws SQLException;

    /** What the user has to do for the source if the load is given up later, as a sentence; empty if nothing. */
    String toGiveUp();

    /** Where and how long the snapshot is kept for a continuation, as the end of a sentence. */
    String kept();
}
