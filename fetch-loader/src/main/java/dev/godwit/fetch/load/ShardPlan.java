package dev.godwit.fetch.load;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.plan.LoadPlan;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.shard.Shard;
import dev.godwit.fetch.state.ShardState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The pieces of all tables: cut for a new load, recalled for one that is continued. */
final class ShardPlan {
    private final LoadSession session;
    private final LoadPlan plan;
    private final Map<TablePlan, List<Shard>> all = new LinkedHashMap<>();
    private final Map<TablePlan, List<Shard>> open = new LinkedHashMap<>();
    private final Map<TableName, Long> estimates = new TreeMap<>();
    private final Map<TableName, Long> rowBytes = new TreeMap<>();
    private boolean partly;

    ShardPlan(LoadSession session, LoadPlan plan) {
        this.session = session;
        this.plan = plan;
    }

    void cut() throws SQLException {
        for (TablePlan table : plan.tables()) {
            List<Shard> shards = new ArrayList<>();
            for (String range : session.source().ranges(table)) {
                shards.add(new Shard(table, range, shards.size() + 1));
            }
            all.put(table, shards);
            open.put(table, shards);
            session.tallies().put(table.name(), new TableTally(shards.size()));
        }
        measure();
    }

    /** Of a load that is continued, what is still to be done. */
    void recall() throws SQLException {
        Map<TableName, List<ShardState>> states =
                session.ledger().shards().stream().collect(Collectors.groupingBy(ShardState::table));
        for (TablePlan table : plan.tables()) {
            List<ShardState> own = states.getOrDefault(table.name(), List.of());
            List<ShardState> done = own.stream().filter(ShardState::done).toList();
            List<Shard> left = own.stream()
                    .filter(state -> !state.done())
                    .map(state -> new Shard(table, state.condition(), state.number()))
                    .toList();
            TableTally tally = new TableTally(own.size());
            tally.alreadyThere(
                    done.size(),
                    done.stream().mapToLong(ShardState::rows).sum(),
                    done.stream().mapToLong(ShardState::bytes).sum());
            session.tallies().put(table.name(), tally);
            if (left.isEmpty()) {
                if (session.request().files().isEmpty()) {
                    session.ledger().tableComplete(table.name(), tally.rows());
                }
                continue;
            }
            if (!session.request()
                    .continuation()
                    .onlyTable()
                    .map(table.name()::equals)
                    .orElse(true)) {
                partly = true;
                session.tallies().remove(table.name());
                continue;
            }
            open.put(table, left);
        }
    }

    /** Whether something is still to be read from the source. */
    boolean anyOpen() {
        return !open.isEmpty();
    }

    /** What is open, when the snapshot is there. */
    void measure() throws SQLException {
        for (TablePlan table : open.keySet()) {
            measure(table);
        }
    }

    private void measure(TablePlan table) throws SQLException {
        estimates.put(table.name(), session.source().rowsEstimated(table));
        rowBytes.put(table.name(), session.source().longestRow(table));
    }

    /** Whether some table is left out of this run. */
    boolean partly() {
        return partly;
    }

    Map<TableName, Long> rowsEstimated() {
        return Collections.unmodifiableMap(estimates);
    }

    Map<TableName, List<String>> conditions() {
        Map<TableName, List<String>> conditions = new LinkedHashMap<>();
        all.forEach((table, shards) ->
                conditions.put(table.name(), shards.stream().map(Shard::range).toList()));
        return conditions;
    }

    /** Parents before children. */
    List<WorkQueue.Table<Shard>> open() {
        return tables(true);
    }

    /** In any order. */
    List<WorkQueue.Table<Shard>> openUnordered() {
        return tables(false);
    }

    private List<WorkQueue.Table<Shard>> tables(boolean ordered) {
        List<WorkQueue.Table<Shard>> tables = new ArrayList<>();
        open.forEach((table, shards) -> tables.add(new WorkQueue.Table<>(
                table.name(), ordered ? table.parents() : Set.of(), rowBytes.get(table.name()), shards)));
        return tables;
    }
}
