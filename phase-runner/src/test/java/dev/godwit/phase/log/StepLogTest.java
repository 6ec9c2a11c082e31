package dev.godwit.phase.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.phase.TestServer;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StepLogTest {
    private DatabaseUrl url;
    private Database target;

    @BeforeEach
    void newTarget() {
        url = TestServer.newDatabase();
        target = TestServer.connect(url);
    }

    @Test
    void readsAPhaseThatHasNoLedgerYetAsPlannedAndWritesNothing() throws Exception {
        assertThat(StepLog.read(target, "shop-eu").values())
                .hasSize(PhaseStep.values().length)
                .allMatch(record -> record.state() == StepState.PLANNED);
        assertThatThrownBy(() -> TestServer.execute(url, "SELECT 1 FROM _godwit.phase_step"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void recordsStatesAndEvidence() throws Exception {
        try (StepLog log = StepLog.open(target, "shop-eu")) {
            log.running(PhaseStep.BULK_LOAD);
            log.done(PhaseStep.BULK_LOAD, Evidence.of("rows", 42).with("checkpoint", "0/16B3748"));
            log.running(PhaseStep.VERIFY_LOAD);
            log.failed(PhaseStep.VERIFY_LOAD, Evidence.of("error", "they differ"));
        }

        StepRecord load = StepLog.read(target, "shop-eu").get(PhaseStep.BULK_LOAD);
        assertThat(load.isDone()).isTrue();
        assertThat(load.evidence().number("rows")).isEqualTo(42);
        assertThat(load.evidence().text("checkpoint")).contains("0/16B3748");
        assertThat(load.took()).hasValueSatisfying(took -> assertThat(took).isLessThan(Duration.ofMinutes(1)));
        assertThat(StepLog.read(target, "shop-eu").get(PhaseStep.VERIFY_LOAD).state())
                .isEqualTo(StepState.FAILED);
        assertThat(StepLog.read(target, "shop-us").get(PhaseStep.BULK_LOAD).state())
                .isEqualTo(StepState.PLANNED);
    }

    @Test
    void keepsWhatAnInterruptedAttemptHasNoted() throws Exception {
        try (StepLog log = StepLog.open(target, "shop-eu")) {
            log.running(PhaseStep.BULK_LOAD);
            log.note(PhaseStep.BULK_LOAD, Evidence.of("slot", "godwit_shop_eu"));
        }

        try (StepLog log = StepLog.open(target, "shop-eu")) {
            assertThat(log.records().get(PhaseStep.BULK_LOAD).state()).isEqualTo(StepState.RUNNING);
            log.running(PhaseStep.BULK_LOAD);
            assertThat(log.records().get(PhaseStep.BULK_LOAD).evidence().text("slot"))
                    .contains("godwit_shop_eu");
        }
    }

    @Test
    void forgetsLaterStepsExceptForWhatMustBeRemembered() throws Exception {
        try (StepLog log = StepLog.open(target, "shop-eu")) {
            for (PhaseStep step : PhaseStep.twelve()) {
                log.done(step, Evidence.of("of", step.word()));
            }
            log.reset(PhaseStep.BULK_LOAD, EnumSet.of(PhaseStep.FINALIZE_SCHEMA));

            assertThat(log.records().get(PhaseStep.PREPARE_TARGET).isDone()).isTrue();
            assertThat(log.records().get(PhaseStep.BULK_LOAD).state()).isEqualTo(StepState.PLANNED);
            assertThat(log.records().get(PhaseStep.BULK_LOAD).evidence().isEmpty())
                    .isTrue();
            assertThat(log.records().get(PhaseStep.FINALIZE_SCHEMA).state()).isEqualTo(StepState.PLANNED);
            assertThat(log.records().get(PhaseStep.FINALIZE_SCHEMA).evidence().text("of"))
                    .contains("finalize-schema");

            log.reset(PhaseStep.PREPARE_SOURCE, Set.of());
            assertThat(log.records().get(PhaseStep.FINALIZE_SCHEMA).evidence().isEmpty())
                    .isTrue();
        }
    }

    @Test
    void refusesASecondRunnerOfThePhaseWhileTheFirstLives() throws Exception {
        try (StepLog first = StepLog.open(target, "shop-eu")) {
            assertThatThrownBy(() -> StepLog.open(target, "shop-eu").close())
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("another runner works on phase shop-eu: process "
                            + ProcessHandle.current().pid());
            StepLog.open(target, "shop-us").close();
            first.running(PhaseStep.PREPARE_SOURCE);
        }
        StepLog.open(target, "shop-eu").close();
    }

    @Test
    void takesOverAtOnceFromAProcessThatWasKilled() throws Exception {
        StepLog.open(target, "shop-eu").close();
        RunnerIdentity dead = killedProcess();
        occupy(dead, "1 hour");

        // Else it would wait for the hour.
        assertTimeoutPreemptively(
                Duration.ofMinutes(1), () -> StepLog.open(target, "shop-eu").close());
    }

    @Test
    void waitsUntilTheLeaseOfARunnerElsewhereHasRunOut() throws Exception {
        StepLog.open(target, "shop-eu").close();
        occupy(new RunnerIdentity("another host", 4711, "", "t"), "2 seconds");

        try (StepLog log = StepLog.open(target, "shop-eu")) {
            log.running(PhaseStep.PREPARE_SOURCE);
            assertThat(log.records().get(PhaseStep.PREPARE_SOURCE).state()).isEqualTo(StepState.RUNNING);
        }
    }

    @Test
    void lostItsLeaseAndCanRecordNothingMore() throws Exception {
        try (StepLog sleeper = StepLog.open(target, "shop-eu")) {
            sleeper.running(PhaseStep.BULK_LOAD);
            occupy(new RunnerIdentity("another host", 4711, "", "t"), "1 hour");

            assertThatThrownBy(() -> sleeper.done(PhaseStep.BULK_LOAD, Evidence.NONE))
                    .isInstanceOf(LeaseLostException.class)
                    .hasMessageContaining("another runner has taken over phase shop-eu");
            assertThatThrownBy(sleeper::check).isInstanceOf(LeaseLostException.class);
        }
        assertThat(StepLog.read(target, "shop-eu").get(PhaseStep.BULK_LOAD).state())
                .isEqualTo(StepState.RUNNING);
        // Closing must not set free what belongs to the other.
        assertThatThrownBy(() -> TestServer.execute(
                        url,
                        "DO $$ BEGIN ASSERT (SELECT state = 'free' FROM _godwit.phase_step WHERE step = 0); END $$"))
                .isInstanceOf(SQLException.class);
    }

    private void occupy(RunnerIdentity runner, String time) throws SQLException {
        TestServer.execute(
                url,
                "UPDATE _godwit.phase_step SET state = 'leased', ended_at = now() + INTERVAL '" + time
                        + "', evidence = '" + runner.toEvidence() + "' WHERE phase = 'shop-eu' AND step = 0");
    }

    private static RunnerIdentity killedProcess() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "60").start();
        RunnerIdentity own = RunnerIdentity.own();
        RunnerIdentity dead = new RunnerIdentity(
                own.host(),
                process.pid(),
                process.info().startInstant().map(Object::toString).orElse(""),
                "token");
        assertThat(dead.isKnownDead()).isFalse();
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return dead;
    }
}
