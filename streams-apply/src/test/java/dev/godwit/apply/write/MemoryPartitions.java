package dev.godwit.apply.write;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.FencedException;
import dev.godwit.apply.ledger.PartitionLedger;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.filter.RowFilter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * A target in memory for the partitions of mode immediate: one set of tables, and a ledger for each partition in which nothing
 * may go back. It survives the crashes of its appliers, loses connections before and after a commit, and retries as {@link
 * SqlPartitionTarget} does.
 */
public final class MemoryPartitions {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MemoryRows rows;
    private final Catalog catalog;
    private final Retries retries = Retries.withoutPauses(Duration.ofMinutes(1));
    private final Map<String, OfDomain> domains = new HashMap<>();
    private final Set<Long> applied = new HashSet<>();
    private int refusals;

    public MemoryPartitions(Map<TableName, RowFilter> slices, Catalog catalog) {
        this.rows = new MemoryRows(slices, catalog);
        this.catalog = catalog;
    }

    /** What stands in the ledger of one partition. */
    public static final class OfDomain {
        private long epoch;
        private Map<TopicPartition, Long> restartOffsets = Map.of();
        private Position consistentPoint;
        private String marker;
        private String records;
        private final Map<String, Long> next = new HashMap<>();

        public Map<TopicPartition, Long> restartOffsets() {
            return restartOffsets;
        }

        /** Null if there is none. */
        public Position consistentPoint() {
            return consistentPoint;
        }

        /** The last drain marker and its place; null if none has come. */
        public String marker() {
            return marker;
        }

        /** Null if there are none. */
        public String records() {
            return records;
        }
    }

    /** Decides, at the borders of every target transaction, what goes wrong; and is told what was written. */
    public interface Accidents extends MemoryTarget.Accidents {
        /** A target transaction of this owner has committed. */
        void committed(List<Change> changes);
    }

    public OfDomain domain(String name) {
        return domains.computeIfAbsent(name, domain -> new OfDomain());
    }

    /** Table, key, value. */
    public Map<TableName, Map<String, String>> rows() {
        return rows.text();
    }

    /** Of one row, as {@link #rows()} has it; null if it is not there. */
    public String row(TableName table, String key) {
        return rows.text(table, key);
    }

    /** The view of one owner of a partition. */
    public PartitionTarget session(String name, Accidents accidents) {
        return new PartitionTarget() {
            private long ownEpoch;

            @Override
            public Taken takeOver() {
                OfDomain domain = domain(name);
                ownEpoch = ++domain.epoch;
                return new Taken(
                        new DomainState(ownEpoch, domain.consistentPoint, List.of(), Map.of(), domain.restartOffsets),
                        domain.records);
            }

            @Override
            public void write(List<Change> changes, PartitionLedger.Entry entry) {
                FoldedBatch folded = new FoldedBatch(changes);
                retries.run("write", Dialect.of(Product.POSTGRESQL), attempt -> {
                    requireEpoch();
                    if (attempt.outcomeUnknown() && entry.records().equals(domain(name).records)) {
                        return null;
                    }
                    accidents.crash("before a write");
                    fail(false);
                    requireEpoch(); // the transaction holds it until its end
                    commit(domain(name), changes, folded, entry);
                    accidents.committed(changes);
                    accidents.crash("after a write");
                    fail(true);
                    return null;
                });
            }

            private void fail(boolean committed) throws SQLException {
                String state = accidents.sqlState();
                if (state != null && (!committed || state.startsWith("08"))) {
                    throw new SQLException("simulated", state);
                }
            }

            private void requireEpoch() {
                if (ownEpoch != domain(name).epoch) {
                    throw new FencedException(name, ownEpoch);
                }
            }

            @Override
            public void close() {}
        };
    }

    private void commit(OfDomain domain, List<Change> changes, FoldedBatch folded, PartitionLedger.Entry entry)
            throws SQLException {
        Map<TableName, Map<String, Row>> before = rows.copy();
        rows.apply(folded);
        try {
            rows.check(before);
        } catch (RefusedByConstraintException e) {
            // As SqlPartitionTarget does on some products, and not on others.
            throw ++refusals % 2 == 0
                    ? e
                    : new RefusedByConstraintException(
                            e.getMessage(), null, new HeldUpRows(catalog).find(folded, lookup));
        }
        for (Change change : changes) {
            if (!applied.add(change.origin().offset())) {
                throw new AssertionError(change + " is applied twice");
            }
        }
        Progress step = entry.step();
        requireRising(domain, step, entry.records());
        domain.restartOffsets = step.restartOffsets();
        domain.consistentPoint = step.consistentPoint() == null ? domain.consistentPoint : step.consistentPoint();
        domain.marker = step.marker() == null ? domain.marker : step.marker();
        domain.records = entry.records();
    }

    private final HeldUpRows.Lookup lookup = new HeldUpRows.Lookup() {
        @Override
        public List<Integer> withoutParent(ForeignKey key, List<String[]> children) {
            return places(children, child -> !rows.has(key.parent(), "(" + child[0] + ")"));
        }

        @Override
        public List<Integer> withChildren(ForeignKey key, List<String[]> parents, List<Key> except) {
            return places(
                    parents,
                    parent -> rows.has(
                            key.child(),
                            row -> parent[0].equals(row.value(key.childColumns().get(0)))
                                    && !except.contains(row.key())));
        }

        private static List<Integer> places(List<String[]> all, Predicate<String[]> condition) {
            return IntStream.range(0, all.size())
                    .filter(place -> condition.test(all.get(place)))
                    .boxed()
                    .toList();
        }
    };

    private static void requireRising(OfDomain domain, Progress step, String records) {
        domain.restartOffsets.forEach((partition, offset) -> {
            if (step.restartOffsets().getOrDefault(partition, -1L) < offset) {
                throw new AssertionError("the restart offset of " + partition + " goes back from " + offset + " to "
                        + step.restartOffsets().get(partition));
            }
        });
        if (step.consistentPoint() != null
                && domain.consistentPoint != null
                && step.consistentPoint().compareTo(domain.consistentPoint) < 0) {
            throw new AssertionError(
                    "the consistent point goes back from " + domain.consistentPoint + " to " + step.consistentPoint());
        }
        if (step.marker() != null
                && domain.marker != null
                && place(step.marker()).compareTo(place(domain.marker)) < 0) {
            throw new AssertionError("the marker goes back from " + domain.marker + " to " + step.marker());
        }
        JsonNode topics = topics(records);
        domain.next.forEach((topic, next) -> {
            if (topics.path(topic).path("next").asLong(-1) < next) {
                throw new AssertionError("the records of " + topic + " go back before " + next);
            }
        });
        topics.properties()
                .forEach(topic -> domain.next.put(
                        topic.getKey(), topic.getValue().path("next").asLong()));
    }

    private static Position place(String marker) {
        return Position.parse(marker.substring(marker.indexOf('@') + 1));
    }

    private static JsonNode topics(String records) {
        try {
            return JSON.readTree(records).path("topics");
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether the target would take these changes now, in one target transaction. */
    public boolean takes(List<Change> changes) {
        Map<TableName, Map<String, Row>> before = rows.copy();
        try {
            rows.apply(new FoldedBatch(changes));
            rows.check(before);
            rows.restore(before);
            return true;
        } catch (RefusedByConstraintException e) {
            return false;
        }
    }
}
