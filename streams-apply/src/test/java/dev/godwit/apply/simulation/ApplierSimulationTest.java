package dev.godwit.apply.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.apply.ApplyConfig.LargeTransactions;
import dev.godwit.apply.ApplyConfig.Limits;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.assemble.Assembler;
import dev.godwit.apply.assemble.ChangefeedAssembler;
import dev.godwit.apply.assemble.DebeziumAssembler;
import dev.godwit.apply.assemble.RestartOffsets;
import dev.godwit.apply.assemble.Slicer;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.FencedException;
import dev.godwit.apply.schedule.SerialLane;
import dev.godwit.apply.spill.SpillSpace;
import dev.godwit.apply.write.MemoryTarget;
import dev.godwit.apply.write.Target;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * The applier's own parts (assembler, lane, consistent point, restart offsets), without Kafka and database, driven
 * by one seed: random histories, redelivery, crashes at every border, topics read in any interleaving. After every
 * write the target must equal the source at exactly that position; at the end, the source.
 *
 * <p>More seeds: {@code mvn test -pl streams-apply -Dtest=ApplierSimulationTest -Dgodwit.simulation.seeds=100000}
 */
class ApplierSimulationTest {
    /** In memory where the system offers that: the simulations make hundreds of thousands of files. */
    @TempDir(factory = MemoryDirectory.class)
    private Path directory;

    static final class MemoryDirectory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "godwit-simulation")
                    : Files.createTempDirectory("godwit-simulation");
        }
    }

    private static final int SEEDS = Integer.getInteger("godwit.simulation.seeds", 1_500);

    @Test
    void debeziumTransactionsAreAppliedOnceAndInOrderWhateverDies() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            History history = new History(random, 5 + random.nextInt(60), number -> new Lsn(number * 100), false);
            Topics topics = DebeziumFeed.write(history, random);
            new Run("debezium seed " + seed, random, history, topics) {
                @Override
                Assembler assembler(DomainState state, RestartOffsets offsets, SpillSpace space, SerialLane lane) {
                    return new DebeziumAssembler(new Slicer(history.slices()), offsets, space, state, lane);
                }
            }.run();
        }
    }

    @Test
    void changefeedTransactionsAreAppliedOnceAndInOrderWhateverDies() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            History history = new History(
                    random, 5 + random.nextInt(60), number -> new HybridTimestamp(number / 2, (int) number % 2), true);
            Topics topics = ChangefeedFeed.write(history, random);
            new Run("changefeed seed " + seed, random, history, topics) {
                @Override
                Assembler assembler(DomainState state, RestartOffsets offsets, SpillSpace space, SerialLane lane) {
                    return new ChangefeedAssembler(
                            new Slicer(history.slices()),
                            offsets,
                            space,
                            change -> change.table().name().name().charAt(1),
                            topics.partitions(),
                            (HybridTimestamp) state.consistentPoint(),
                            lane);
                }
            }.run();
        }
    }

    /** The applier dies here. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** One seed: as many lives of an applier as it takes to apply the whole history. */
    private abstract class Run {
        private final String name;
        private final Random random;
        private final History history;
        private final MemoryTarget target;
        private final Map<TopicPartition, Long> committed = new HashMap<>();
        private final Topics topics;
        private final List<SerialLane> frozen = new ArrayList<>();
        private int crashesLeft;

        Run(String name, Random random, History history, Topics topics) {
            this.name = name;
            this.random = random;
            this.history = history;
            this.target = new MemoryTarget(history.slices());
            this.topics = topics;
            this.crashesLeft = random.nextInt(6);
        }

        abstract Assembler assembler(DomainState state, RestartOffsets offsets, SpillSpace space, SerialLane lane);

        void run() {
            boolean done = false;
            while (!done) {
                try {
                    live();
                    done = true;
                } catch (Crash crash) {
                    check("after a crash");
                } catch (RuntimeException e) {
                    throw new AssertionError(name, e);
                }
            }
            assertThat(target.rows()).as("%s: at the end", name).isEqualTo(history.contentAtEnd());
            assertThat(target.consistentPoint())
                    .as("%s: consistent point at the end", name)
                    .isEqualTo(history.transactions()
                            .get(history.transactions().size() - 1)
                            .position());
            assertThat(target.marker()).as("%s: the last marker", name).isEqualTo(history.lastMarker());
            assertThat(target.appliedRows()).as("%s: ledger rows left", name).isZero();
        }

        private File spillDirectory() {
            return directory.resolve("spill").toFile();
        }

        private int spilledFiles() {
            String[] files = spillDirectory().list();
            return files == null ? 0 : files.length;
        }

        private void live() {
            LargeTransactions large = large();
            Target session = target.session(where -> crashMaybe(25), large);
            DomainState state = session.takeOver();
            committed.forEach((partition, offset) -> assertThat(offset)
                    .as("%s: offset committed for %s, against the ledger", name, partition)
                    .isLessThanOrEqualTo(state.restartOffsets().getOrDefault(partition, 0L)));
            RestartOffsets offsets = new RestartOffsets(state.restartOffsets());
            SerialLane lane = new SerialLane(session, state, offsets, limits(), new ApplyStatistics());
            SpillSpace space = new SpillSpace(spillDirectory().toPath(), large.memoryBytesMax());
            Assembler assembler = assembler(state, offsets, space, lane);
            Map<TopicPartition, Long> next = new HashMap<>();
            for (TopicPartition partition : topics.partitions()) {
                next.put(partition, committed.getOrDefault(partition, 0L));
            }
            while (true) {
                List<TopicPartition> readable = new ArrayList<>();
                next.forEach((partition, offset) -> {
                    if (offset < topics.log(partition).size()) {
                        readable.add(partition);
                    }
                });
                crashMaybe(400);
                freezeMaybe(lane);
                wakeSomebody();
                int action = random.nextInt(10);
                if (action < 6 && !readable.isEmpty()) {
                    readSome(assembler, next, readable.get(random.nextInt(readable.size())));
                } else if (action < 8) {
                    lane.writeNext();
                    check("after a write");
                } else if (lane.advanceNext() != null && random.nextInt(3) > 0) {
                    // The commit to Kafka comes after the ledger's, and may be missed altogether.
                    committed.putAll(target.restartOffsets());
                }
                if (readable.isEmpty() && !lane.writeNext() && lane.advanceNext() == null) {
                    assertThat(spilledFiles())
                            .as("%s: files, at most one for each transaction of which only duplicates came", name)
                            .isLessThanOrEqualTo(assembler.openTransactions());
                    return;
                }
            }
        }

        /** Mostly so little memory that nearly everything goes to files. */
        private LargeTransactions large() {
            long memoryBytesMax = random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextInt(4_000);
            return new LargeTransactions(
                    memoryBytesMax, 1 + random.nextInt(6), 1 + random.nextInt(4), 1 + random.nextInt(2_000));
        }

        private Limits limits() {
            return new Limits(
                    1 + random.nextInt(10), 1 + random.nextInt(200), 1_000, 1_000_000, Duration.ZERO, Duration.ZERO);
        }

        private void readSome(Assembler assembler, Map<TopicPartition, Long> next, TopicPartition partition) {
            int count = 1 + random.nextInt(8);
            for (int i = 0; i < count; i++) {
                long offset = next.get(partition);
                if (offset == topics.log(partition).size()) {
                    return;
                }
                assembler.accept(
                        new Origin(partition, offset), topics.log(partition).get((int) offset));
                next.put(partition, offset + 1);
            }
        }

        /** One lane: the target always is what the source was at the end of the last batch. */
        private void check(String when) {
            if (target.isBetweenPieces()) {
                return;
            }
            assertThat(target.rows())
                    .as("%s: %s, at %s", name, when, target.lastWritten())
                    .isEqualTo(history.contentAt(target.lastWritten()));
            if (target.consistentPoint() != null) {
                assertThat(target.marker())
                        .as("%s: %s, the marker at %s", name, when, target.consistentPoint())
                        .isEqualTo(history.markerAt(target.consistentPoint()));
            }
            if (target.consistentPoint() != null && target.lastWritten() != null) {
                assertThat(history.contentAt(target.lastWritten()))
                        .as(
                                "%s: the consistent point %s is not ahead of what is applied",
                                name, target.consistentPoint())
                        .isEqualTo(
                                target.lastWritten().compareTo(target.consistentPoint()) >= 0
                                        ? history.contentAt(target.lastWritten())
                                        : history.contentAt(target.consistentPoint()));
            }
        }

        /** The applier stops in the middle of everything; another takes over, and this one wakes up some time later. */
        private void freezeMaybe(SerialLane lane) {
            if (crashesLeft > 0 && random.nextInt(400) == 0) {
                frozen.add(lane);
                crashesLeft--;
                throw new Crash();
            }
        }

        private void wakeSomebody() {
            if (!frozen.isEmpty() && random.nextInt(10) == 0) {
                SerialLane late = frozen.remove(random.nextInt(frozen.size()));
                try {
                    if (late.writeNext() || late.advanceNext() != null) {
                        throw new AssertionError(name + ": one that had lost the domain has written");
                    }
                } catch (FencedException expected) {
                    check("after a late writer");
                }
            }
        }

        private void crashMaybe(int oneIn) {
            if (crashesLeft > 0 && random.nextInt(oneIn) == 0) {
                crashesLeft--;
                throw new Crash();
            }
        }
    }
}
