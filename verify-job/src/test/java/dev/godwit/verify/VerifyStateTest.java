package dev.godwit.verify;

import static dev.godwit.verify.TwoDatabases.both;
import static dev.godwit.verify.TwoDatabases.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.CompareSettings.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TwoDatabases.class)
class VerifyStateTest {
    private static final CompareSettings SMALL =
            new CompareSettings(Method.CHECKSUM, OptionalInt.empty(), 100, 4, 10, Optional.empty());

    @TempDir
    private Path directory;

    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void makeTables() {
        both("CREATE TABLE s.a (id INT, part TEXT, v TEXT, PRIMARY KEY (id, part));"
                + " INSERT INTO s.a SELECT i, 'p' || i % 3, 'v' || i FROM generate_series(1, 3000) i;"
                + " CREATE TABLE s.b (id TEXT PRIMARY KEY, v FLOAT4);"
                + " INSERT INTO s.b SELECT 'k' || i, i FROM generate_series(1, 500) i; ANALYZE");
        target(
                "UPDATE s.a SET v = NULL WHERE id % 500 = 7; DELETE FROM s.a WHERE id IN (1, 1600, 3000);"
                        + " INSERT INTO s.a VALUES (-5, '', 'x'), (1600, 'other', 'y'); UPDATE s.b SET v = -1 WHERE id = 'k77'");
    }

    @Test
    void stoppedAtAnyMomentItComesToTheSameAnswer() {
        VerifyReport whole = run(SMALL, Integer.MAX_VALUE);
        List<String> expected = List.copyOf(told);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 3; round++) {
            CompareSettings recorded = SMALL.withState(directory.resolve("round" + round));
            for (int stops = 0; stops < 4; stops++) {
                int callsUntilStop = random.nextInt(40);
                try {
                    run(recorded, callsUntilStop);
                } catch (VerifyFailedException e) {
                    assertThat(e).hasMessageContaining("stopped by the test");
                }
            }
            VerifyReport resumed = run(recorded, Integer.MAX_VALUE);

            assertThat(told).describedAs("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(resumed.tables()).describedAs("seed %d", seed).isEqualTo(whole.tables());
        }
    }

    @Test
    void whatIsFinishedIsNotReadAgain() {
        CompareSettings recorded = SMALL.withState(directory.resolve("state"));
        VerifyReport first = run(recorded, Integer.MAX_VALUE);
        List<String> expected = List.copyOf(told);
        target("UPDATE s.a SET v = 'another'; DELETE FROM s.b");

        VerifyReport again = run(recorded, Integer.MAX_VALUE);

        assertThat(again.tables()).isEqualTo(first.tables());
        assertThat(told).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(run(SMALL, Integer.MAX_VALUE).totals().mismatch()).isGreaterThan(2000);
    }

    @Test
    void aRangeThatWasNotFinishedIsReadAgain() throws IOException {
        Path state = directory.resolve("state");
        VerifyReport first = run(SMALL.withState(state), Integer.MAX_VALUE);
        try (Stream<Path> files = Files.list(state)) {
            for (Path file :
                    files.filter(path -> path.toString().contains("-range-1")).toList()) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".unfinished"));
                Files.writeString(file.resolveSibling(file.getFileName() + ".unfinished"), "{\"kind\":\"MIS");
            }
        }
        target("INSERT INTO s.a SELECT i, 'more', 'z' FROM generate_series(1, 3000) i");

        long extraneous =
                run(SMALL.withState(state), Integer.MAX_VALUE).totals().extraneous();

        assertThat(extraneous).isGreaterThan(first.totals().extraneous()).isLessThan(3000);
    }

    @Test
    void anotherRequestIsRefused() {
        CompareSettings recorded = SMALL.withState(directory.resolve("state"));
        run(recorded, Integer.MAX_VALUE);

        refused(TwoDatabases.request().with(recorded.with(Method.FULL)), "is another one");
        refused(
                VerifyRequest.of(TwoDatabases.source(), TwoDatabases.target(), List.of(TwoDatabases.whole("a")))
                        .with(recorded),
                "is another one");
        both("ALTER TABLE s.b ADD COLUMN w INT");
        refused(TwoDatabases.request().with(recorded), "is another one");
    }

    @Test
    void twoRunsCannotShareOneState() {
        CompareSettings recorded = SMALL.withState(directory.resolve("state"));
        List<RuntimeException> refusals = new ArrayList<>();

        VerifyJob.run(TwoDatabases.request().with(recorded), new VerifyListener() {
            @Override
            public void tableFinished(TableReport report) {
                try {
                    VerifyJob.run(TwoDatabases.request().with(recorded), VerifyListener.SILENT);
                } catch (RefusedException e) {
                    refusals.add(e);
                }
            }
        });

        assertThat(refusals).hasSize(2).allSatisfy(e -> assertThat(e).hasMessageContaining("has not ended"));
    }

    @Test
    void onlyTheOwnerMayReadTheState() throws IOException {
        Path state = directory.resolve("deeper").resolve("state");
        run(SMALL.withState(state), Integer.MAX_VALUE);

        assertThat(Files.getPosixFilePermissions(state)).hasSize(3);
    }

    private static void refused(VerifyRequest request, String message) {
        assertThatThrownBy(() -> VerifyJob.run(request, VerifyListener.SILENT))
                .isInstanceOf(RefusedException.class)
                .isNotInstanceOf(VerifyFailedException.class)
                .hasMessageContaining(message);
    }

    private VerifyReport run(CompareSettings settings, int callsUntilStop) {
        told.clear();
        int[] left = {callsUntilStop};
        return VerifyJob.run(TwoDatabases.request().with(settings), new VerifyListener() {
            @Override
            public void rowDiffers(TableName table, RowDifference difference) {
                synchronized (told) {
                    told.add(table + " " + difference);
                }
                count();
            }

            @Override
            public void progress(TableName table, long truthRows) {
                count();
            }

            private void count() {
                synchronized (told) {
                    if (--left[0] < 0) {
                        throw new IllegalStateException("stopped by the test");
                    }
                }
            }
        });
    }
}
