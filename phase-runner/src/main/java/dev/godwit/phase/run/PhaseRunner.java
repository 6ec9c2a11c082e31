package dev.godwit.phase.run;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.LeaseLostException;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepLog;
import dev.godwit.phase.log.StepRecord;
import dev.godwit.phase.log.StepState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes one phase through its steps.
 *
 * <p>Order of calls: {@link #open}, then {@link #plan}, {@link #status}, {@link #run} and {@link #rollback} in any order and number, then
 * {@link #close()}. Appliers that run in this process (see {@link PhaseFile.Apply}) go on between the calls, until {@code close}. From the first
 * {@code run} or {@code rollback} to {@code close} this is the one runner of the phase. Not thread-safe; runners of different phases do not
 * disturb each other.
 */
public final class PhaseRunner implements AutoCloseable {
    private final PhaseContext context;
    private final PhaseListener listener;
    private final List<Step> steps;
    private final Rollback rollback;
    private StepLog log;

    private PhaseRunner(PhaseContext context, PhaseListener listener) {
        this.context = context;
        this.listener = listener;
        this.steps = Twelve.of(context, () -> record(PhaseStep.BULK_LOAD));
        context.forward.beginBehind(() -> record(PhaseStep.BULK_LOAD));
        this.rollback = new Rollback(context);
    }

    /**
     * Connects to both databases and looks at the tables; writes nothing.
     *
     * @throws RefusedException if a database cannot be reached, a table is missing, or a filter does not fit
     */
    public static PhaseRunner open(PhaseFile file, PhaseOptions options) throws SQLException {
        Database source = Database.connect("source", file.source().url());
        Database target = Database.connect("target", file.target());
        PhaseContext context = new PhaseContext(
                file,
                source,
                target,
                options.actions(),
                new ForwardReplication(file, source, target),
                new FailbackReplication(file, source, target, options.feed()));
        return new PhaseRunner(context, options.listener());
    }

    /**
     * Checks everything that can be checked beforehand, and tells what each step will do. Writes nothing.
     *
     * @throws RefusedException for the first thing found wrong
     */
    public List<StepPlan> plan() throws Exception {
        Map<PhaseStep, StepRecord> records = records();
        requireNotRolledBack(records);
        check(records, PhaseStep.STOP_FAILBACK);
        List<StepPlan> plans = new ArrayList<>();
        for (Step step : steps) {
            StepState state = records.get(step.id()).state();
            plans.add(new StepPlan(step.id(), state, state == StepState.DONE ? List.of() : step.plan()));
        }
        return plans;
    }

    private void check(Map<PhaseStep, StepRecord> records, PhaseStep until) throws Exception {
        for (Step step : steps) {
            if (!until.isBefore(step.id()) && !records.get(step.id()).isDone()) {
                step.check(records.get(step.id()));
            }
        }
    }

    /**
     * Does what is not done yet, up to and including {@code until}. An interrupt stops it in an orderly way.
     *
     * @throws RefusedException if something stands in the way; the step at hand has not begun
     * @throws PhaseFailedException if a step could not be brought to its end; the phase goes on there the next time
     */
    public RunResult run(PhaseStep until) throws Exception {
        requireNotRolledBack(records());
        check(records(), until);
        StepLog own = log();
        resumeAppliers();
        Optional<PhaseStep> last = Optional.empty();
        for (Step step : steps) {
            if (until.isBefore(step.id())) {
                break;
            }
            StepRecord record = own.records().get(step.id());
            if (record.isDone()) {
                listener.stepSkipped(record);
            } else {
                step.check(record);
                try {
                    attempt(step, record);
                } catch (NotConfirmedException e) {
                    return new RunResult(last, Optional.of(e.action()));
                }
            }
            last = Optional.of(step.id());
        }
        return new RunResult(last, Optional.empty());
    }

    /**
     * The way back. Before step 10 has given up the forward capture, forward replication is simply taken up again and nothing is lost; after that
     * failback is drained and traffic handed back to the source.
     *
     * @throws RefusedException if there is nothing to roll back, or no way back any more
     * @throws PhaseFailedException if the source cannot be proven to have everything
     */
    public RollbackResult rollback() throws Exception {
        Map<PhaseStep, StepRecord> records = records();
        requireRollbackPossible(records);
        StepLog own = log();
        if (!givenUpForward(records)) {
            resumeForward(own, records);
            return RollbackResult.FORWARD_AGAIN;
        }
        StepRecord record = own.records().get(PhaseStep.ROLLBACK);
        if (record.isDone()) {
            listener.stepSkipped(record);
        } else {
            try {
                attempt(rollback, record);
            } catch (NotConfirmedException e) {
                return RollbackResult.WAITING_FOR_USER;
            }
        }
        return RollbackResult.RETURNED;
    }

    private static boolean givenUpForward(Map<PhaseStep, StepRecord> records) {
        StepRecord failback = records.get(PhaseStep.FAILBACK_REPLICATION);
        return failback.state() != StepState.PLANNED && failback.evidence().isTrue(FailbackStep.FORWARD_GIVEN_UP);
    }

    private static void requireRollbackPossible(Map<PhaseStep, StepRecord> records) {
        if (records.get(PhaseStep.STOP_FAILBACK).evidence().isTrue(StopFailback.REMOVING)) {
            throw new RefusedException(
                    "failback replication was stopped (step 12), so there is no way back any more",
                    "to move data back, set up a migration in the opposite direction");
        }
        if (!records.get(PhaseStep.FORWARD_REPLICATION).isDone()) {
            throw new RefusedException(
                    "there is nothing to roll back: forward replication (step 6) is not done, the traffic is on the source",
                    "leave the traffic there; godwit phase run goes on when you want it to");
        }
    }

    private void resumeForward(StepLog own, Map<PhaseStep, StepRecord> records) throws Exception {
        if (records.get(PhaseStep.FAILBACK_REPLICATION).state() != StepState.PLANNED) {
            context.failback.forget();
        }
        own.reset(PhaseStep.FORWARD_REPLICATION, Set.of());
    }

    /**
     * Makes a phase whose traffic is on the source begin anew: replication is removed, and the next run will replace the rows on the target.
     *
     * @throws RefusedException if traffic may be on the target
     */
    public void startOver() throws Exception {
        Map<PhaseStep, StepRecord> records = records();
        boolean stopped = records.get(PhaseStep.STOP_TRAFFIC).isDone();
        if (stopped && !records.get(PhaseStep.ROLLBACK).isDone()) {
            throw new RefusedException(
                    "the traffic of phase " + context.file.fullName()
                            + " was stopped (step 7) and may be on the target by now, so the"
                            + " phase cannot start over",
                    "go on with it, or run godwit phase rollback first");
        }
        StepLog own = log();
        own.check();
        // What the topics still hold is older than the load that follows, and must never be applied after it.
        if (records.get(PhaseStep.FORWARD_REPLICATION).state() != StepState.PLANNED) {
            context.forward.forget();
        }
        if (records.get(PhaseStep.FAILBACK_REPLICATION).state() != StepState.PLANNED) {
            context.failback.forget();
        }
        context.putBackGcTtl(); // before its evidence is forgotten
        own.reset(PhaseStep.PREPARE_SOURCE, EnumSet.of(PhaseStep.BULK_LOAD, PhaseStep.FINALIZE_SCHEMA));
    }

    private void requireNotRolledBack(Map<PhaseStep, StepRecord> records) {
        if (records.get(PhaseStep.ROLLBACK).state() == StepState.DONE) {
            throw new RefusedException(
                    "phase " + context.file.fullName() + " was rolled back; its traffic is on the source",
                    "to begin anew, which replaces its rows on the target: godwit phase run --start-over");
        }
        if (records.get(PhaseStep.ROLLBACK).state() != StepState.PLANNED) {
            throw new RefusedException(
                    "phase " + context.file.fullName() + " is being rolled back",
                    "bring that to its end first: godwit phase rollback");
        }
    }

    private void resumeAppliers() throws Exception {
        Map<PhaseStep, StepRecord> records = log.records();
        if (records.get(PhaseStep.FORWARD_REPLICATION).isDone()
                && !records.get(PhaseStep.DRAIN_FORWARD).isDone()) {
            context.forward.apply();
        }
        if (records.get(PhaseStep.FAILBACK_REPLICATION).isDone()
                && !records.get(PhaseStep.STOP_FAILBACK).isDone()) {
            context.failback.apply();
        }
    }

    private void attempt(Step step, StepRecord earlier) throws Exception {
        log.running(step.id());
        listener.stepStarted(step.id());
        try {
            Evidence evidence = step.run(new Attempt(step.id(), log, listener, earlier.evidence()));
            log.done(step.id(), evidence);
        } catch (NotConfirmedException e) {
            log.waiting(step.id());
            throw e;
        } catch (InterruptedException | LeaseLostException e) {
            // Nothing has failed; the step begins again the next time.
            throw e;
        } catch (Exception e) {
            // What was interrupted often says so in an exception of its own, with the flag set.
            if (!Thread.currentThread().isInterrupted()) {
                recordFailure(step, e);
            }
            throw e;
        }
        listener.stepDone(log.records().get(step.id()));
    }

    private void recordFailure(Step step, Exception failure) {
        try {
            Evidence noted = log.records().get(step.id()).evidence();
            log.failed(step.id(), noted.with("error", String.valueOf(failure.getMessage())));
            listener.stepFailed(log.records().get(step.id()));
        } catch (SQLException | RuntimeException e) {
            // The target cannot be reached, perhaps for the same reason: the step stays "running", which means the same
            // to the next run.
            failure.addSuppressed(e);
        }
    }

    private StepLog log() throws SQLException, InterruptedException {
        if (log == null) {
            log = StepLog.open(context.target, context.file.fullName());
        }
        return log;
    }

    /** Whether an applier in this process has stopped by itself, and why. */
    public Optional<Throwable> applierFailure() {
        return context.forward.applierFailure().or(context.failback::applierFailure);
    }

    /** What appliers from source to target have done in this process. May be asked from any thread. */
    public ApplyCounts forwardCounts() {
        return context.forward.counts();
    }

    /** What appliers from target to source have done in this process. May be asked from any thread. */
    public ApplyCounts failbackCounts() {
        return context.failback.counts();
    }

    /** What is recorded, and how both directions are doing. Writes nothing. */
    public PhaseStatus status() throws SQLException {
        return PhaseStatus.of(context, records());
    }

    /** The recorded state of all steps. */
    public Map<PhaseStep, StepRecord> records() throws SQLException {
        return StepLog.read(context.target, context.file.fullName());
    }

    private StepRecord record(PhaseStep step) {
        try {
            return records().get(step);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the ledger of the target: " + e.getMessage(), e);
        }
    }

    /** Stops the appliers of this process after what they are writing, and lets the next runner in. Idempotent. */
    @Override
    public void close() {
        // With the flag set, an applier would be left before it has finished what it is writing.
        boolean interrupted = Thread.interrupted();
        try {
            context.close();
        } finally {
            if (log != null) {
                log.close();
                log = null;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
