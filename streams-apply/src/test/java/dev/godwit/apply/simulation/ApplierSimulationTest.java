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
import dev.godwit.apply.change.Position;
import dev.godwit.apply.conflict.WriteSets;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.FencedException;
import dev.godwit.apply.schedule.Lanes;
import dev.godwit.apply.simulation.History.Version;
import dev.godwit.apply.spill.SpillSpace;
import dev.godwit.apply.streams.Groups;
import dev.godwit.apply.write.MemoryTarget;
import dev.godwit.apply.write.Target;
import dev.godwit.database.catalog.TableName;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * The applier's own parts (assembler, lanes, consistent point, restart offsets), without Kafka and database, driven by
 * one seed: random schemas and histories, redelivery, crashes and SQL failures at every border, topics read in any
 * interleaving, lanes that finish in any order. After every write, every row must be what the last applied transaction
 * that changed it has left, and no transaction may be missing before that one; at the end, the target must equal the
 * source.
 *
 * <p>More seeds: {@code mvn test -pl streams-apply -Dtest=ApplierSimulationTest -Dgodwit.simulation.seeds=100000}; one
 * seed: {@code -Dgodwit.simulation.seed=17}
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

    private static final int SEEDS = Integer.getInteger("godwit.simulation.seeds", 2_500);
    private static final int SEED = Integer.getInteger("godwit.simulation.seed", -1);

    @Test
    void debeziumTransactionsAreAppliedOnceAndInOrderWhateverDies() {
        seeds(SEEDS).forEach(seed -> {
            Random random = new Random(seed);
            History history = debezium(random);
            Topics topics = DebeziumFeed.write(history, random);
            debezium("debezium seed " + seed, random, history, history.tables(), topics);
        });
    }

    @Test
    void changefeedTransactionsAreAppliedOnceAndInOrderWhateverDies() {
        seeds(SEEDS).forEach(seed -> {
            Random random = new Random(seed);
            History history = changefeed(random);
            Topics topics = ChangefeedFeed.write(history, random);
            changefeed("changefeed seed " + seed, random, history, history.tables(), topics);
        });
    }

    /** The END of a transaction counts the rows of all groups, and all of them read the marks and markers. */
    @Test
    void inModeGroupedEachGroupGetsItsPartOfEachTransactionOnceAndInOrder() {
        seeds(SEEDS / 5).forEach(seed -> {
            Random random = new Random(seed);
            boolean debezium = random.nextBoolean();
            History history = debezium ? debezium(random) : changefeed(random);
            Topics topics = debezium ? DebeziumFeed.write(history, random) : ChangefeedFeed.write(history, random);
            for (Set<TableName> group : Groups.of(history.schema().catalog())) {
                Set<TableName> others = new HashSet<>(history.tables());
                others.removeAll(group);
                Topics own = topics.without(others, event -> Groups.own(event, group));
                String name = "grouped seed " + seed + ", " + group;
                if (debezium) {
                    debezium(name, random, history, group, own);
                } else {
                    changefeed(name, random, history, group, own);
                }
            }
        });
    }

    private static History debezium(Random random) {
        return new History(random, 5 + random.nextInt(60), number -> new Lsn(number * 100), false);
    }

    private void debezium(String name, Random random, History history, Set<TableName> tables, Topics topics) {
        new Run(name, random, history, tables, topics) {
            @Override
            Assembler assembler(DomainState state, RestartOffsets offsets, SpillSpace space, Lanes lanes) {
                return new DebeziumAssembler(new Slicer(history.slices()), offsets, space, state, lanes);
            }
        }.run();
    }

    private static History changefeed(Random random) {
        return new History(
                random, 5 + random.nextInt(60), number -> new HybridTimestamp(number / 2, (int) number % 2), true);
    }

    private void changefeed(String name, Random random, History history, Set<TableName> tables, Topics topics) {
        new Run(name, random, history, tables, topics) {
            @Override
            Assembler assembler(DomainState state, RestartOffsets offsets, SpillSpace space, Lanes lanes) {
                return new ChangefeedAssembler(
                        new Slicer(history.slices()),
                        offsets,
                        space,
                        change -> change.table().name().name().charAt(1),
                        topics.partitions(),
                        (HybridTimestamp) state.consistentPoint(),
                        lanes);
            }
        }.run();
    }

    private static IntStream seeds(int count) {
        return SEED >= 0 ? IntStream.of(SEED) : IntStream.range(0, count);
    }

    /** The applier dies here. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** One seed: as many lives of an applier as it takes to apply the whole history. */
    private abstract class Run implements MemoryTarget.Accidents {
        private static final List<String> SQL_STATES = List.of("40001", "40P01", "08006", "08006", "57P01");

        private final String name;
        private final Random random;
        private final History history;
        private final Map<TableName, Map<String, List<Version>>> versions;
        private final MemoryTarget target;
        private final Map<TopicPartition, Long> committed = new HashMap<>();
        private final Set<TableName> tables;
        private final Topics topics;
        private final List<Life> frozen = new ArrayList<>();
        private int crashesLeft;
        private int sqlFailuresLeft;

        /** @param tables those that are applied */
        Run(String name, Random random, History history, Set<TableName> tables, Topics topics) {
            this.name = name;
            this.random = random;
            this.history = history;
            this.tables = tables;
            this.versions = history.versions();
            versions.keySet().retainAll(tables);
            this.target = new MemoryTarget(history.slices(), history.schema().catalog());
            this.topics = topics;
            this.crashesLeft = random.nextInt(6);
            this.sqlFailuresLeft = random.nextInt(6);
        }

        abstract Assembler assembler(DomainState state, RestartOffsets offsets, SpillSpace space, Lanes lanes);

        void run() {
            boolean done = false;
            while (!done) {
                try {
                    new Life().live();
                    done = true;
                } catch (Crash crash) {
                    check("after a crash");
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(name + ": " + e.getMessage(), e);
                }
            }
            Map<TableName, Map<String, String>> end = new TreeMap<>(history.contentAtEnd());
            end.keySet().retainAll(tables);
            assertThat(target.rows()).as("%s: at the end", name).isEqualTo(end);
            assertThat(target.consistentPoint())
                    .as("%s: consistent point at the end", name)
                    .isEqualTo(history.transactions()
                            .get(history.transactions().size() - 1)
                            .position());
            assertThat(target.marker()).as("%s: the last marker", name).isEqualTo(history.lastMarker());
            assertThat(target.appliedRows()).as("%s: ledger rows left", name).isZero();
        }

        /** One applier from its start to its death. */
        private final class Life {
            private final Lanes lanes;
            private final Assembler assembler;
            private final Map<TopicPartition, Long> next = new HashMap<>();
            /** What the lanes have taken and are about to write. */
            private final List<Lanes.Work> taken = new ArrayList<>();

            Life() {
                LargeTransactions large = large();
                Target session = target.session(Run.this, large);
                DomainState state = session.takeOver();
                committed.forEach((partition, offset) -> assertThat(offset)
                        .as("offset committed for %s, against the ledger", partition)
                        .isLessThanOrEqualTo(state.restartOffsets().getOrDefault(partition, 0L)));
                RestartOffsets offsets = new RestartOffsets(state.restartOffsets());
                Limits limits = limits();
                WriteSets writeSets =
                        history.schema().writeSets(history.slices().keySet(), limits.batchRowsMax());
                lanes = new Lanes(session, state, offsets, writeSets, limits, new ApplyStatistics());
                SpillSpace space = new SpillSpace(spillDirectory().toPath(), large.memoryBytesMax());
                assembler = assembler(state, offsets, space, lanes);
                for (TopicPartition partition : topics.partitions()) {
                    next.put(partition, committed.getOrDefault(partition, 0L));
                }
            }

            void live() {
                while (true) {
                    List<TopicPartition> readable = new ArrayList<>();
                    next.forEach((partition, offset) -> {
                        if (offset < topics.log(partition).size()) {
                            readable.add(partition);
                        }
                    });
                    crashMaybe(400);
                    freezeMaybe();
                    wakeSomebody();
                    int action = random.nextInt(12);
                    if (action < 5 && !readable.isEmpty()) {
                        readSome(readable.get(random.nextInt(readable.size())));
                    } else if (action < 8) {
                        take(random.nextInt(lanes.count()));
                    } else if (action < 10 && !taken.isEmpty()) {
                        write(random.nextInt(taken.size()));
                    } else if (advance() && random.nextInt(3) > 0) {
                        // The commit to Kafka comes after the ledger's, and may be missed altogether.
                        committed.putAll(target.restartOffsets());
                    }
                    if (readable.isEmpty() && !finish()) {
                        assertThat(spilledFiles())
                                .as("files, at most one for each transaction of which only duplicates came")
                                .isLessThanOrEqualTo(assembler.openTransactions());
                        return;
                    }
                }
            }

            private boolean take(int lane) {
                Lanes.Work work = lanes.take(lane);
                return work != null && taken.add(work);
            }

            private void write(int index) {
                taken.remove(index).write();
                check("after a write");
            }

            private boolean advance() {
                boolean moved = lanes.advanceNext() != null;
                if (moved) {
                    checkConsistentPoint();
                }
                return moved;
            }

            /** @return false if there is nothing left to do */
            private boolean finish() {
                boolean done = advance();
                for (int lane = 0; lane < lanes.count(); lane++) {
                    done |= take(lane);
                }
                if (!taken.isEmpty()) {
                    write(random.nextInt(taken.size()));
                    return true;
                }
                return done;
            }

            private void readSome(TopicPartition partition) {
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

            /** The applier stops in the middle of everything; another takes over, and this one wakes up later. */
            private void freezeMaybe() {
                if (crashesLeft > 0 && random.nextInt(400) == 0) {
                    frozen.add(this);
                    crashesLeft--;
                    throw new Crash();
                }
            }

            /** @return whether it has written something */
            private boolean wake() {
                for (int lane = 0; lane < lanes.count(); lane++) {
                    take(lane);
                }
                if (!taken.isEmpty()) {
                    taken.get(0).write();
                    return true;
                }
                return advance();
            }
        }

        private void wakeSomebody() {
            if (!frozen.isEmpty() && random.nextInt(10) == 0) {
                Life late = frozen.remove(random.nextInt(frozen.size()));
                try {
                    if (late.wake()) {
                        throw new AssertionError("one that had lost the domain has written");
                    }
                } catch (FencedException expected) {
                    check("after a late writer");
                }
            }
        }

        private File spillDirectory() {
            return directory.resolve("spill").toFile();
        }

        private int spilledFiles() {
            String[] files = spillDirectory().list();
            return files == null ? 0 : files.length;
        }

        /** Often so little memory that nearly everything goes to files. */
        private LargeTransactions large() {
            long memoryBytesMax = random.nextInt(3) > 0 ? Long.MAX_VALUE : random.nextInt(4_000);
            return new LargeTransactions(
                    memoryBytesMax, 1 + random.nextInt(6), 1 + random.nextInt(4), 1 + random.nextInt(2_000));
        }

        private Limits limits() {
            return new Limits(
                    1 + random.nextInt(10),
                    1 + random.nextInt(200),
                    1_000,
                    1_000_000,
                    1 + random.nextInt(4),
                    random.nextInt(4) == 0 ? 1 + random.nextInt(20) : 1_000,
                    Duration.ZERO,
                    Duration.ZERO,
                    LargeTransactions.defaults());
        }

        /** Each row is as one of its transactions left it, all of its transactions before that one are applied, and none behind it. */
        private void check(String when) {
            if (target.isBetweenPieces()) {
                return;
            }
            Map<TableName, Map<String, String>> rows = target.rows();
            versions.forEach((table, byKey) -> byKey.forEach((key, ofRow) -> {
                String expected = null;
                boolean gap = false;
                for (Version version : ofRow) {
                    if (!target.isApplied(version.position())) {
                        gap = true;
                    } else if (gap) {
                        throw new AssertionError(when + ": " + version.position() + " is applied before an earlier"
                                + " change of " + table + " " + key);
                    } else {
                        expected = version.content();
                    }
                }
                String found = rows.getOrDefault(table, Map.of()).get(key);
                if (!Objects.equals(found, expected)) {
                    throw new AssertionError(
                            when + ": " + table + " " + key + " is " + found + " instead of " + expected);
                }
            }));
            rows.forEach((table, content) -> content.keySet()
                    .forEach(key -> assertThat(versions.getOrDefault(table, Map.of()))
                            .as("%s: %s has a row that never was", when, table)
                            .containsKey(key)));
        }

        private void checkConsistentPoint() {
            Position point = target.consistentPoint();
            versions.values().forEach(byKey -> byKey.values()
                    .forEach(ofRow -> ofRow.forEach(version -> {
                        if (version.position().compareTo(point) <= 0 && !target.isApplied(version.position())) {
                            throw new AssertionError(
                                    "the consistent point " + point + " is ahead of " + version.position());
                        }
                    })));
            assertThat(target.marker()).as("the marker at %s", point).isEqualTo(history.markerAt(point));
        }

        @Override
        public void crash(String where) {
            crashMaybe(25);
        }

        @Override
        public String sqlState() {
            if (sqlFailuresLeft == 0 || random.nextInt(10) > 0) {
                return null;
            }
            sqlFailuresLeft--;
            return SQL_STATES.get(random.nextInt(SQL_STATES.size()));
        }

        private void crashMaybe(int oneIn) {
            if (crashesLeft > 0 && random.nextInt(oneIn) == 0) {
                crashesLeft--;
                throw new Crash();
            }
        }
    }
}
