package dev.godwit.phase.run;

import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.StepRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One direction of replication of the phase, from the change capture at one end to the applier at the other. */
interface Replication extends AutoCloseable {

    /** Name of the direction's ordering domain, which is also that of the consumer group. */
    String domain();

    /** What {@link #capture} will do, in words. */
    List<String> plan();

    /**
     * What of {@link #check} can be said before there is a slot.
     *
     * @throws dev.godwit.database.RefusedException if something is not there or does not fit
     */
    void checkBeforeLoad() throws Exception;

    /**
     * Whether everything that it needs is there and fits. Writes nothing.
     *
     * @throws dev.godwit.database.RefusedException if not
     */
    void check() throws Exception;

    /** @param load gives the latest record of the bulk load, behind whose checkpoint the capture begins where no slot remembers it */
    default void beginBehind(Supplier<StepRecord> load) {}

    /** Makes the topics and has the changes captured into them; returns when that runs. May be done any number of times. */
    Evidence capture(Attempt attempt) throws Exception;

    /** Starts the applier in this process, if it is not running already and is not somebody else's matter. */
    void apply() throws Exception;

    /**
     * Sends a marker along the way of the changes, and waits until it has been applied: everything that was committed before is then applied
     * too.
     *
     * @return how long it took, and up to where all is applied
     * @throws dev.godwit.apply.Drain.DrainTimeoutException if it does not come through in time
     * @throws dev.godwit.apply.ApplyException if the applier has failed
     */
    Evidence roundTrip(Duration timeout) throws Exception;

    /** Stops the applier in this process, after what it is writing. Does nothing if it does not run. */
    void stopApplying();

    /** What appliers of this direction have done in this process. May be asked from any thread. */
    ApplyCounts counts();

    /** @throws PhaseFailedException if the capture has stopped by itself, with its reason */
    void requireCapturing() throws Exception;

    /** Why the applier in this process has stopped by itself; empty if it has not. */
    Optional<Throwable> applierFailure();

    /** Has no more changes captured, but keeps everything that is needed to go on. May be done any number of times. */
    void pauseCapture() throws Exception;

    /** Removes the change capture for good, with everything that it keeps on the servers. May be done any number of times. */
    Evidence remove() throws Exception;

    /**
     * {@link #remove}s, and deletes topics, consumer group and ledger entries too, so that nothing of what was captured can be applied any more.
     */
    void forget() throws Exception;

    /** How the capture is doing, in a few words. */
    String captureState();

    /** Stops the applier in this process. */
    @Override
    default void close() {
        stopApplying();
    }
}
