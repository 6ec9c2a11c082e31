package dev.godwit.apply.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.apply.ApplyConfig.LargeTransactions;
import dev.godwit.apply.ApplyConfig.Limits;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.assemble.Slicer;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.immediate.Captured;
import dev.godwit.apply.immediate.PartitionLane;
import dev.godwit.apply.immediate.WriterTime;
import dev.godwit.apply.ledger.FencedException;
import dev.godwit.apply.simulation.Script.Step;
import dev.godwit.apply.write.MemoryPartitions;
import dev.godwit.apply.write.PartitionTarget;
import dev.godwit.apply.write.UsualOrder;
import dev.godwit.database.catalog.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * Mode immediate's own parts (what has come before, what waits aside, consistent point, restart offsets), without Kafka and
 * database, driven by one seed: random schemas and histories over several partitions, redelivery, crashes, SQL failures at
 * every border, owners that are replaced and write late, partitions that write while another one waits. After every write,
 * every row must be as some change has left it, and never as an older one again; no change may be written twice, nothing in a
 * partition's ledger may go back, and its consistent point must be true. At the end, the target must equal the source, or
 * rows of several partitions wait for each other in a circle, and nothing else keeps them from being written.
 *
 * <p>More seeds: {@code -Dgodwit.simulation.seeds=100000}; one seed: {@code -Dgodwit.simulation.seed=17}
 */
class ImmediateSimulationTest {
    private static final int SEEDS = Integer.getInteger("godwit.simulation.seeds", 1_000);
    private static final int SEED = Integer.getInteger("godwit.simulation.seed", -1);

    @Test
    void rowsOfDebeziumAreAppliedOnceAndNeverGoBackWhateverDies() {
        int stuck = 0;
        for (int seed : seeds()) {
            Random random = new Random(seed);
            History history =
                    History.forImmediate(random, 5 + random.nextInt(60), number -> new Lsn(number * 100), false);
            PartitionedFeed feed = new PartitionedFeed(history, random, 1 + random.nextInt(4));
            Script script = PartitionedDebezium.write(history, feed);
            stuck += new Run("debezium seed " + seed, random, history, feed, script, false).run() ? 0 : 1;
        }
        assertSeldom(stuck);
    }

    @Test
    void rowsOfAChangefeedAreAppliedOnceAndNeverGoBackWhateverDies() {
        int stuck = 0;
        for (int seed : seeds()) {
            Random random = new Random(seed);
            History history = History.forImmediate(
                    random, 5 + random.nextInt(60), number -> new HybridTimestamp(number / 2, (int) number % 2), true);
            PartitionedFeed feed = new PartitionedFeed(history, random, 1 + random.nextInt(4));
            Script script = PartitionedChangefeed.write(history, feed);
            stuck += new Run("changefeed seed " + seed, random, history, feed, script, true).run() ? 0 : 1;
        }
        assertSeldom(stuck);
    }

    /** With so few keys and values, that rows of two partitions wait for each other happens in every fiftieth history. */
    private static void assertSeldom(int stuck) {
        assertThat(stuck).isLessThanOrEqualTo(1 + SEEDS / 25);
    }

    private static int[] seeds() {
        return (SEED >= 0 ? IntStream.of(SEED) : IntStream.range(0, SEEDS)).toArray();
    }

    /** An owner dies here. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** One seed: as many owners of each partition as it takes to apply the whole history. */
    private static final class Run {
        private static final List<String> SQL_STATES = List.of("40001", "40P01", "08006", "08006", "57P01");
        /** So often everything is tried again without a success, before it is taken for stuck. */
        private static final int ROUNDS_IN_VAIN = 12;

        private final String name;
        private final Random random;
        private final History history;
        private final RowVersions versions;
        private final PartitionedFeed feed;
        private final List<Step> script;
        private final boolean changefeed;
        private final MemoryPartitions target;
        private final Map<TopicPartition, List<Event>> logs = new LinkedHashMap<>();
        private final Map<TopicPartition, Long> committed = new HashMap<>();
        private final List<Life> owners = new ArrayList<>();
        private final List<Life> replaced = new ArrayList<>();
        private final Map<Integer, Position> points = new HashMap<>();
        private final Set<Life> busy = new HashSet<>();
        private final Limits limits;
        private int played;
        private Position stored;
        private Captured captured;
        private long now;
        private int writes;
        private int rowsWritten;
        private int crashesLeft;
        private int sqlFailuresLeft;

        Run(String name, Random random, History history, PartitionedFeed feed, Script script, boolean changefeed) {
            this.name = name;
            this.random = random;
            this.history = history;
            this.versions = new RowVersions(history);
            this.feed = feed;
            this.script = script.steps();
            this.changefeed = changefeed;
            this.target =
                    new MemoryPartitions(history.slices(), history.schema().catalog());
            this.crashesLeft = random.nextInt(8);
            this.sqlFailuresLeft = random.nextInt(8);
            this.limits = new Limits(
                    1 + random.nextInt(10),
                    1 + random.nextInt(4_000),
                    1_000,
                    1_000_000,
                    1,
                    1_000,
                    Duration.ofHours(10),
                    Duration.ZERO,
                    LargeTransactions.defaults());
        }

        /** @return false if rows of several partitions stand in each other's way for ever */
        boolean run() {
            try {
                for (int i = 0; i < feed.partitions; i++) {
                    feed.partitionsOf(i).forEach(partition -> logs.put(partition, new ArrayList<>()));
                    owners.add(null);
                }
                for (int i = 0; i < feed.partitions; i++) {
                    owners.set(i, new Life(i));
                }
                live();
                boolean done = finish();
                if (done) {
                    checkEnd();
                }
                return done;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(name + ": " + e.getMessage(), e);
            }
        }

        private void live() {
            while (played < script.size() || owners.stream().anyMatch(Life::hasMore)) {
                Life owner = owners.get(random.nextInt(owners.size()));
                switch (random.nextInt(12)) {
                    case 0, 1, 2 -> play(1 + random.nextInt(20));
                    case 3, 4, 5 -> owner.read();
                    case 6, 7, 8 -> round(owner);
                    case 9 -> commitOffsets(owner);
                    case 10 -> captured = poll();
                    default -> disturb(owner);
                }
            }
        }

        private void play(int count) {
            for (int i = 0; i < count && played < script.size(); i++) {
                Step step = script.get(played++);
                if (step.stored() == null) {
                    logs.get(step.partition()).add(step.event());
                } else {
                    stored = step.stored();
                }
            }
        }

        private Captured poll() {
            if (stored == null) {
                return captured;
            }
            Map<TopicPartition, Long> ends = new HashMap<>();
            logs.forEach((partition, log) -> ends.put(partition, (long) log.size()));
            return new Captured(stored, Instant.EPOCH, ends);
        }

        /** After the ledger, or not at all. */
        private void commitOffsets(Life owner) {
            committed.putAll(target.domain(owner.domain()).restartOffsets());
        }

        private void disturb(Life owner) {
            if (crashesLeft > 0 && random.nextInt(40) == 0) {
                crashesLeft--;
                if (random.nextBoolean()) {
                    replaced.add(owner); // it is frozen, and wakes up late
                }
                takeOver(owner.number);
            } else if (!replaced.isEmpty() && random.nextInt(4) == 0) {
                round(replaced.get(random.nextInt(replaced.size())));
            }
            now += random.nextInt(4) == 0
                    ? Duration.ofMillis(random.nextInt(300)).toNanos()
                    : 0;
        }

        private void takeOver(int number) {
            owners.set(number, new Life(number));
        }

        /** A round of one writer, which may have lost its partition and not know it. */
        private void round(Life life) {
            if (!busy.add(life)) {
                return;
            }
            try {
                now += Duration.ofMillis(random.nextInt(8)).toNanos();
                life.lane.round(Duration.ZERO);
            } catch (Crash crash) {
                replaced.remove(life);
                if (owners.get(life.number) == life) {
                    owners.set(life.number, new Life(life.number));
                }
            } catch (FencedException e) {
                replaced.remove(life);
                if (owners.get(life.number) == life) {
                    throw e;
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                busy.remove(life);
            }
        }

        /** Others go on while one waits, or is about to write. */
        private void othersGoOn() {
            while (random.nextInt(3) == 0) {
                Life other = owners.get(random.nextInt(owners.size()));
                if (random.nextBoolean()) {
                    other.read();
                }
                round(other);
            }
        }

        /** @return whether all is applied; else rows of several partitions stand in each other's way */
        private boolean finish() {
            int inVain = 0;
            while (inVain < ROUNDS_IN_VAIN) {
                captured = poll();
                int rowsBefore = rowsWritten;
                int writesBefore = writes;
                boolean read = false;
                boolean aside = false;
                for (int i = 0; i < owners.size(); i++) {
                    now += Duration.ofMillis(1_100).toNanos();
                    read |= owners.get(i).hasMore();
                    owners.get(i).readAll();
                    do {
                        round(owners.get(i));
                    } while (owners.get(i).lane.hasQueued());
                    aside |= !owners.get(i).lane.aside().isEmpty();
                }
                boolean moved = read
                        || owners.stream().anyMatch(Life::hasMore)
                        || rowsWritten != rowsBefore
                        || (!aside && writes != writesBefore);
                inVain = moved ? 0 : aside ? inVain + 1 : ROUNDS_IN_VAIN;
            }
            List<Change> left = owners.stream()
                    .flatMap(owner -> owner.lane.aside().stream())
                    .toList();
            requireStuck(left);
            return left.isEmpty();
        }

        /**
         * What waits would be taken all together, but not without what another partition has: of no row the next changes, and
         * not all that one partition has.
         */
        private void requireStuck(List<Change> left) {
            Map<String, List<Change>> byRow =
                    left.stream().collect(Collectors.groupingBy(change -> change.table() + " " + change.key()));
            byRow.forEach((row, changes) -> {
                for (int i = 1; i <= changes.size(); i++) {
                    requireRefused(changes.subList(0, i));
                }
            });
            owners.stream()
                    .map(owner -> owner.lane.aside())
                    .filter(aside -> !aside.isEmpty())
                    .forEach(this::requireRefused);
            assertThat(target.takes(left))
                    .as("the target takes all that waits at once: %s", left)
                    .isTrue();
        }

        private void requireRefused(List<Change> changes) {
            if (target.takes(changes)) {
                throw new AssertionError("nothing moves, although the target would take " + changes);
            }
        }

        private void checkEnd() {
            assertThat(target.rows()).as("%s: at the end", name).isEqualTo(history.contentAtEnd());
            Position last = history.transactions()
                    .get(history.transactions().size() - 1)
                    .position();
            for (Life owner : owners) {
                MemoryPartitions.OfDomain domain = target.domain(owner.domain());
                assertThat(domain.consistentPoint())
                        .as("%s: consistent point of %s at the end", name, owner.domain())
                        .isEqualTo(last);
                assertThat(domain.records()).as("%s: %s", name, owner.domain()).doesNotContain("waiting");
            }
            String marker =
                    target.domain(owners.get(PartitionedFeed.MARKERS).domain()).marker();
            assertThat(marker == null ? null : marker.substring(0, marker.indexOf('@')))
                    .as("%s: the last marker", name)
                    .isEqualTo(history.lastMarker());
        }

        /** One owner of one partition, from its start to its death. */
        private final class Life implements MemoryPartitions.Accidents, WriterTime {
            private final int number;
            private final PartitionLane lane;
            private final Map<TopicPartition, Long> next = new LinkedHashMap<>();
            private final Map<TopicPartition, Long> last = new HashMap<>();

            Life(int number) {
                this.number = number;
                PartitionTarget session = target.session(domain(), this);
                PartitionTarget.Taken taken = session.takeOver();
                List<TopicPartition> partitions = feed.partitionsOf(number);
                for (TopicPartition partition : partitions) {
                    long place = committed.getOrDefault(partition, 0L);
                    assertThat(place)
                            .as("offset committed for %s, against the ledger", partition)
                            .isLessThanOrEqualTo(taken.state().restartOffsets().getOrDefault(partition, 0L));
                    next.put(partition, place);
                }
                PartitionLane.Setting setting = new PartitionLane.Setting(
                        domain(),
                        changefeed,
                        partitions,
                        feed.partitions == 1,
                        new Slicer(history.slices()),
                        () -> captured,
                        this::reached,
                        new UsualOrder(history.schema().catalog()),
                        progress -> {});
                lane = new PartitionLane(setting, session, taken, limits, new ApplyStatistics(), this);
            }

            String domain() {
                return number + "-of-" + feed.partitions;
            }

            /** The marks of Kafka's transactions behind the last record are nothing to wait for. */
            private long reached(TopicPartition partition, long behind) {
                return behind <= last.getOrDefault(partition, -1L) ? behind : Math.max(behind, next.get(partition));
            }

            boolean hasMore() {
                return next.entrySet().stream()
                        .anyMatch(entry ->
                                entry.getValue() < logs.get(entry.getKey()).size());
            }

            void read() {
                List<TopicPartition> all = List.copyOf(next.keySet());
                TopicPartition partition = all.get(random.nextInt(all.size()));
                read(partition, 1 + random.nextInt(8));
            }

            void readAll() {
                List.copyOf(next.keySet()).forEach(partition -> read(partition, Integer.MAX_VALUE));
            }

            private void read(TopicPartition partition, int count) {
                List<Event> log = logs.get(partition);
                for (int i = 0; i < count; i++) {
                    long offset = next.get(partition);
                    if (offset == log.size()) {
                        return;
                    }
                    Event event = log.get((int) offset);
                    next.put(partition, offset + 1);
                    if (event != null) {
                        last.put(partition, offset);
                        lane.accept(new Origin(partition, offset), event);
                    }
                }
            }

            @Override
            public void crash(String where) {
                othersGoOn();
                if (crashesLeft > 0 && random.nextInt(30) == 0) {
                    crashesLeft--;
                    throw new Crash();
                }
                if (crashesLeft > 0 && random.nextInt(60) == 0 && owners.get(number) == this) {
                    crashesLeft--;
                    owners.set(number, new Life(number)); // and this one writes on
                }
            }

            @Override
            public String sqlState() {
                if (sqlFailuresLeft == 0 || random.nextInt(10) > 0) {
                    return null;
                }
                sqlFailuresLeft--;
                return SQL_STATES.get(random.nextInt(SQL_STATES.size()));
            }

            @Override
            public void committed(List<Change> changes) {
                writes++;
                rowsWritten += changes.size();
                if (owners.get(number) != this) {
                    throw new AssertionError("one that had lost its partition has written");
                }
                for (Change change : changes) {
                    TableName table = change.table().name();
                    String key = change.key().toString();
                    versions.look(table, key, target.row(table, key));
                }
                Position point = target.domain(domain()).consistentPoint();
                if (point != null && !point.equals(points.put(number, point))) {
                    versions.requireUpTo(point, number, feed.partitions, target::row);
                }
            }

            @Override
            public long nanos() {
                return now;
            }

            @Override
            public void sleep(long millis) {
                now += Duration.ofMillis(millis).toNanos();
                othersGoOn();
            }
        }
    }
}
