package dev.godwit.phase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.phase.TestServer;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import dev.godwit.phase.log.StepState;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps that need no Kafka, on real servers. */
class PhaseRunnerTest {
    private TestPhase phase;

    @BeforeEach
    void newPhase(@TempDir Path directory) throws Exception {
        phase = new TestPhase(directory);
    }

    @AfterEach
    void dropSlot() throws SQLException {
        phase.close();
    }

    @Test
    void loadsTheSliceVerifiesItAndFinalizesTheSchema() throws Exception {
        Story story = new Story();
        try (PhaseRunner runner = phase.runner(story)) {
            RunResult result = runner.run(PhaseStep.FINALIZE_SCHEMA);

            assertThat(result.lastDone()).contains(PhaseStep.FINALIZE_SCHEMA);
            assertThat(result.waitingFor()).isEmpty();
            Evidence load = runner.records().get(PhaseStep.BULK_LOAD).evidence();
            assertThat(load.number("rows")).isEqualTo(600);
            assertThat(load.text("checkpoint"))
                    .hasValueSatisfying(lsn -> assertThat(lsn).matches("[0-9A-F]+/[0-9A-F]+"));
        }
        assertThat(TestPhase.ask(phase.target, "SELECT count(*) FROM orders")).isEqualTo("500");
        assertThat(TestPhase.ask(phase.target, "SELECT count(*) FROM pg_indexes WHERE indexname = 'orders_customer'"))
                .isEqualTo("1");
        assertThat(phase.hasSlot()).isTrue();
        assertThat(story.done)
                .containsExactly(
                        PhaseStep.PREPARE_SOURCE,
                        PhaseStep.PREPARE_TARGET,
                        PhaseStep.BULK_LOAD,
                        PhaseStep.VERIFY_LOAD,
                        PhaseStep.FINALIZE_SCHEMA);

        Story again = new Story();
        try (PhaseRunner runner = phase.runner(again)) {
            runner.run(PhaseStep.FINALIZE_SCHEMA);
        }
        assertThat(again.done).isEmpty();
        assertThat(again.skipped).hasSize(5);
    }

    @Test
    void loadsThroughFilesAndStillVerifiesTheirSnapshot() throws Exception {
        PhaseFile file = phase.file(
                "region = 'eu'", "external", "fetch: {files: {local-path: rows, compression: gzip, cleanup: true}}");
        assertThat(file.fetch().files().orElseThrow().place().directory()).hasValueSatisfying(path -> assertThat(path)
                .isEqualTo(file.path().resolveSibling("rows")));
        try (PhaseRunner runner = PhaseRunner.open(file, PhaseOptions.defaults())) {
            runner.run(PhaseStep.VERIFY_LOAD);

            assertThat(runner.records().get(PhaseStep.BULK_LOAD).evidence().number("rows"))
                    .isEqualTo(600);
            assertThat(runner.records().get(PhaseStep.VERIFY_LOAD).evidence().text("compared_with"))
                    .hasValueSatisfying(with -> assertThat(with).contains("snapshot"));
        }
        assertThat(TestPhase.ask(phase.target, "SELECT state FROM _godwit.fetch WHERE way LIKE '%/rows'"))
                .isEqualTo("complete");
    }

    @Test
    void verifiesExactlyWhatWasLoadedWhileTheSourceMovesOn() throws Exception {
        Story story = new Story() {
            @Override
            public void stepStarted(PhaseStep step) {
                if (step == PhaseStep.VERIFY_LOAD) {
                    changeSource();
                }
            }
        };
        try (PhaseRunner runner = phase.runner(story)) {
            runner.run(PhaseStep.VERIFY_LOAD);

            Evidence evidence = runner.records().get(PhaseStep.VERIFY_LOAD).evidence();
            assertThat(evidence.text("compared_with")).contains("snapshot");
            assertThat(evidence.number("num_success")).isEqualTo(600);
            assertThat(evidence.number("num_mismatch")
                            + evidence.number("num_missing")
                            + evidence.number("num_extraneous"))
                    .isZero();
        }
    }

    private void changeSource() {
        try {
            TestServer.execute(
                    phase.source,
                    "UPDATE orders SET total = total + 1 WHERE id = 10",
                    "DELETE FROM orders WHERE id = 12",
                    "INSERT INTO orders VALUES (5000, 'eu', 1, 1)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void failsTheVerificationOfALoadThatWasTamperedWithAndCanStartOver() throws Exception {
        Story story = new Story() {
            @Override
            public void stepStarted(PhaseStep step) {
                if (step == PhaseStep.VERIFY_LOAD) {
                    tamper("UPDATE orders SET total = 0.01 WHERE id = 10");
                }
            }
        };
        try (PhaseRunner runner = phase.runner(story)) {
            assertThatThrownBy(() -> runner.run(PhaseStep.VERIFY_LOAD))
                    .isInstanceOf(PhaseFailedException.class)
                    .hasMessageContaining("1 rows differ: mismatching row value in public.orders {id=10}");
            assertThat(story.failed).containsExactly(PhaseStep.VERIFY_LOAD);
            assertThat(runner.records().get(PhaseStep.VERIFY_LOAD).evidence().text("error"))
                    .hasValueSatisfying(error -> assertThat(error).contains("1 rows differ"));
        }
        try (PhaseRunner runner = phase.runner()) {
            assertThat(runner.records().get(PhaseStep.BULK_LOAD).evidence().text("slot"))
                    .contains(phase.slot());
        }
    }

    private void tamper(String sql) {
        try {
            TestServer.execute(phase.target, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void comparesCountsAndReportsDifferencesWhereTheSnapshotIsGone() throws Exception {
        try (PhaseRunner runner = phase.runner()) {
            runner.run(PhaseStep.BULK_LOAD);
        }
        changeSource();
        Story story = new Story();
        try (PhaseRunner runner = phase.runner(story)) {
            runner.run(PhaseStep.VERIFY_LOAD);

            Evidence evidence = runner.records().get(PhaseStep.VERIFY_LOAD).evidence();
            assertThat(evidence.text("compared_with")).contains("live source");
            assertThat(evidence.number("num_missing")).isEqualTo(1);
            assertThat(story.said).anySatisfy(line -> assertThat(line)
                    .contains("snapshot is gone", "3 rows differ", "step 9 will settle them"));
        }
    }

    @Test
    void noticesALostRowAlsoWhereTheSnapshotIsGone() throws Exception {
        try (PhaseRunner runner = phase.runner()) {
            runner.run(PhaseStep.BULK_LOAD);
        }
        tamper("DELETE FROM orders WHERE id = 10");
        try (PhaseRunner runner = phase.runner()) {
            assertThatThrownBy(() -> runner.run(PhaseStep.VERIFY_LOAD))
                    .isInstanceOf(PhaseFailedException.class)
                    .hasMessageContaining(
                            "the target holds 499 rows of public.orders where region = 'eu', but 500 were loaded");
        }
    }

    @Test
    void loadsAgainAfterACrashBetweenTheLoadAndItsRecord() throws Exception {
        try (PhaseRunner runner = phase.runner()) {
            runner.run(PhaseStep.BULK_LOAD);
        }
        // As if the process had been killed right after the load: the step is running, slot, publication and rows are
        // there.
        TestServer.execute(
                phase.target,
                "UPDATE _godwit.phase_step SET state = 'running', ended_at = NULL, evidence = '{\"slot\":\""
                        + phase.slot() + "\"}' WHERE step = 3");
        changeSource();

        try (PhaseRunner runner = phase.runner()) {
            runner.run(PhaseStep.VERIFY_LOAD);

            assertThat(runner.records().get(PhaseStep.BULK_LOAD).evidence().number("rows"))
                    .isEqualTo(600);
            assertThat(runner.records().get(PhaseStep.VERIFY_LOAD).evidence().text("compared_with"))
                    .contains("snapshot");
        }
        assertThat(TestPhase.ask(phase.target, "SELECT count(*) FROM orders WHERE id = 5000"))
                .isEqualTo("1");
        assertThat(TestPhase.ask(phase.target, "SELECT count(*) FROM orders WHERE id = 12"))
                .isEqualTo("0");
    }

    @Test
    void goesOnWhereItWasInterrupted() throws Exception {
        Story story = new Story() {
            @Override
            public void stepStarted(PhaseStep step) {
                if (step == PhaseStep.VERIFY_LOAD) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        PhaseRunner interrupted = phase.runner(story);
        assertThatThrownBy(() -> interrupted.run(PhaseStep.VERIFY_LOAD)).isInstanceOf(RuntimeException.class);
        interrupted.close();
        assertThat(Thread.interrupted()).isTrue();

        try (PhaseRunner runner = phase.runner()) {
            assertThat(runner.records().get(PhaseStep.VERIFY_LOAD).state()).isEqualTo(StepState.RUNNING);
            runner.run(PhaseStep.VERIFY_LOAD);
            assertThat(runner.records().get(PhaseStep.VERIFY_LOAD).isDone()).isTrue();
        }
    }

    @Test
    void goesOnWithTheFinalizationThatWasInterrupted() throws Exception {
        try (PhaseRunner runner = phase.runner()) {
            runner.run(PhaseStep.FINALIZE_SCHEMA);
        }
        TestServer.execute(
                phase.target,
                "UPDATE _godwit.phase_step SET state = 'running', ended_at = NULL WHERE step = 5",
                "ALTER TABLE orders DROP CONSTRAINT total_positive");
        try (PhaseRunner runner = phase.runner()) {
            runner.run(PhaseStep.FINALIZE_SCHEMA);

            StepRecord record = runner.records().get(PhaseStep.FINALIZE_SCHEMA);
            assertThat(record.isDone()).isTrue();
            assertThat(record.evidence().entry("found_done")).hasSize(1);
        }
        assertThat(TestPhase.ask(phase.target, "SELECT count(*) FROM pg_constraint WHERE conname = 'total_positive'"))
                .isEqualTo("1");
    }

    @Test
    void doesNotTakeSomebodyElsesObjectForItsOwn() throws Exception {
        TestServer.execute(phase.target, "CREATE INDEX orders_customer ON orders (total)");
        try (PhaseRunner runner = phase.runner()) {
            assertThatThrownBy(() -> runner.run(PhaseStep.FINALIZE_SCHEMA))
                    .isInstanceOf(PhaseFailedException.class)
                    .hasMessageContaining(
                            "somebody else has made what this statement should make: CREATE INDEX orders_customer");
            assertThatThrownBy(() -> runner.run(PhaseStep.FINALIZE_SCHEMA)).isInstanceOf(PhaseFailedException.class);
        }
    }

    @Test
    void refusesWhatIsInTheWayBeforeAnythingIsWritten() throws Exception {
        TestServer.execute(phase.target, "INSERT INTO orders VALUES (1, 'eu', 1, 1)");
        refused("the target already holds rows of public.orders");
        TestServer.execute(phase.target, "DELETE FROM orders");

        TestPhase.ask(phase.source, "SELECT pg_create_logical_replication_slot('" + phase.slot() + "', 'pgoutput')");
        refused("replication slot \"" + phase.slot() + "\" is already there");
        assertThat(phase.hasSlot()).isTrue();
        phase.close();

        TestServer.execute(phase.target, "ALTER TABLE orders ADD note TEXT");
        refused("public.orders.note: missing on the source");
        TestServer.execute(phase.target, "DROP TABLE orders");
        refused("table public.orders: missing on the target");
    }

    private void refused(String message) throws Exception {
        try (PhaseRunner runner = phase.runner()) {
            assertThatThrownBy(() -> runner.run(PhaseStep.BULK_LOAD))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(message);
        }
        assertThat(phase.hasLedger(phase.source)).isFalse();
        assertThat(phase.hasLedger(phase.target)).isFalse();
    }

    @Test
    void namesTheLineOfAFilterThatDoesNotFit() throws Exception {
        assertThatThrownBy(
                        () -> PhaseRunner.open(phase.file("continent = 'eu'", "external", ""), PhaseOptions.defaults()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("phase.yaml:8: ")
                .hasMessageContaining("continent");
        assertThat(phase.hasLedger(phase.target)).isFalse();
    }

    @Test
    void refusesAFilterThatMatchesNothing() throws Exception {
        try (PhaseRunner runner =
                PhaseRunner.open(phase.file("region = 'EU'", "external", ""), PhaseOptions.defaults())) {
            assertThatThrownBy(() -> runner.run(PhaseStep.BULK_LOAD))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("matches no row");
        }
        assertThat(phase.hasLedger(phase.target)).isFalse();
    }

    @Test
    void refusesAChangefeedOnATargetThatHasNone() throws Exception {
        try (PhaseRunner runner =
                PhaseRunner.open(phase.file("region = 'eu'", "cockroachdb", ""), PhaseOptions.defaults())) {
            assertThatThrownBy(runner::plan)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("the target is PostgreSQL, which has no changefeeds");
        }
    }

    @Test
    void refusesAKafkaThatDoesNotAnswerBeforeAnythingIsWritten() throws Exception {
        try (PhaseRunner runner = phase.runner()) {
            assertThatThrownBy(runner::plan)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("cannot reach Kafka");
            assertThatThrownBy(() -> runner.run(PhaseStep.STOP_FAILBACK)).isInstanceOf(RefusedException.class);
        }
        assertThat(phase.hasLedger(phase.target)).isFalse();
    }

    @Test
    void hasNothingToRollBackBeforeReplication() throws Exception {
        try (PhaseRunner runner = phase.runner()) {
            runner.run(PhaseStep.PREPARE_TARGET);
            assertThatThrownBy(runner::rollback)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("there is nothing to roll back");
        }
    }

    @Test
    void tellsTheStatusOfAPhaseThatHasNotBegun() throws Exception {
        try (PhaseRunner runner = phase.runner()) {
            PhaseStatus status = runner.status();
            assertThat(status.steps().values()).allMatch(record -> record.state() == StepState.PLANNED);
            assertThat(status.directions()).isEmpty();
        }
        assertThat(phase.hasLedger(phase.target)).isFalse();
    }

    private static class Story implements PhaseListener {
        final List<PhaseStep> skipped = new ArrayList<>();
        final List<PhaseStep> done = new ArrayList<>();
        final List<PhaseStep> failed = new ArrayList<>();
        final List<String> said = new ArrayList<>();

        @Override
        public void stepSkipped(StepRecord record) {
            skipped.add(record.step());
        }

        @Override
        public void said(PhaseStep step, String message) {
            said.add(message);
        }

        @Override
        public void stepDone(StepRecord record) {
            done.add(record.step());
        }

        @Override
        public void stepFailed(StepRecord record) {
            failed.add(record.step());
        }
    }
}
