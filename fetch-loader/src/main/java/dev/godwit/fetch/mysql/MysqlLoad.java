package dev.godwit.fetch.mysql;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.mysql.MysqlLoadPlan.Entry;
import dev.godwit.fetch.plan.LeftOutFile;
import dev.godwit.fetch.schema.TargetTables;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** Loads level by level, the shards of a level over all connections. The first failure ends all of them. */
final class MysqlLoad {
    private final FetchRequest request;
    private final FetchListener listener;
    private final MysqlLoadPlan plan;
    private final MysqlSnapshot snapshot;
    private final Map<TableName, AtomicLong> rows = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    MysqlLoad(FetchRequest request, FetchListener listener, MysqlLoadPlan plan, MysqlSnapshot snapshot) {
        this.request = request;
        this.listener = listener;
        this.plan = plan;
        this.snapshot = snapshot;
        plan.names().forEach(name -> rows.put(name, new AtomicLong()));
    }

    /** One piece of a table. */
    private record Shard(Entry entry, String range, AtomicInteger openOfTable, long startedNanos) {}

    Map<TableName, Long> rowsEstimated() throws SQLException {
        Map<TableName, Long> estimates = new TreeMap<>();
        for (Entry entry : plan.entries()) {
            estimates.put(
                    entry.table().name(),
                    MysqlShards.size(snapshot.connections().get(0), entry).rows());
        }
        return estimates;
    }

    /** Makes room, as the table handling says, in one transaction. */
    void emptyTarget() throws SQLException {
        if (request.tableHandling() == TableHandling.NONE) {
            return;
        }
        if (plan.recreated().isPresent()) {
            MysqlTables tables = plan.recreated().get();
            LeftOutFile.write(
                    request.tableOptions().leftOutFile().orElseThrow(),
                    TargetTables.leftOut(request.target().product(), tables.names(), tables.leftOut()),
                    listener);
            try (Connection target = request.target().open()) {
                tables.make(target);
            }
            return;
        }
        Dialect dialect = request.target().dialect();
        try (Connection target = request.target().open();
                Statement statement = target.createStatement()) {
            if (request.tableHandling() == TableHandling.TRUNCATE_IF_EXISTS) {
                statement.execute(plan.names().stream()
                        .map(dialect::quote)
                        .collect(Collectors.joining(", ", "TRUNCATE TABLE ", "")));
                return;
            }
            target.setAutoCommit(false);
            List<Entry> childrenFirst = new ArrayList<>(plan.entries());
            java.util.Collections.reverse(childrenFirst);
            for (Entry entry : childrenFirst) {
                statement.execute("DELETE FROM " + dialect.quote(entry.table().name())
                        + entry.slice().where(dialect));
            }
            target.commit();
        }
    }

    void run() throws SQLException {
        MysqlShards shards =
                new MysqlShards(request.source().dialect(), request.splitting().shardBytes());
        for (List<Entry> level : plan.levels()) {
            ConcurrentLinkedQueue<Shard> queue = new ConcurrentLinkedQueue<>();
            for (Entry entry : level) {
                List<String> ranges = shards.ranges(snapshot.connections().get(0), entry);
                AtomicInteger open = new AtomicInteger(ranges.size());
                long now = System.nanoTime();
                ranges.forEach(range -> queue.add(new Shard(entry, range, open, now)));
                listener.tableStarted(entry.table().name());
            }
            load(queue);
        }
    }

    private void load(ConcurrentLinkedQueue<Shard> queue) throws SQLException {
        List<Thread> workers = new ArrayList<>();
        for (Connection source : snapshot.connections()) {
            workers.add(new Thread(() -> work(queue, source), "godwit-fetch-" + (workers.size() + 1)));
        }
        workers.forEach(Thread::start);
        for (Thread worker : workers) {
            join(worker);
        }
        Throwable broken = failure.get();
        if (broken instanceof SQLException known) {
            throw known;
        }
        if (broken != null) {
            throw new SQLException(broken.toString(), broken);
        }
    }

    private void join(Thread worker) throws SQLException {
        try {
            worker.join();
        } catch (InterruptedException e) {
            failure.compareAndSet(null, e);
            for (Connection connection : snapshot.connections()) {
                connection.abort(Runnable::run);
            }
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a worker must not die without stopping the others
    private void work(ConcurrentLinkedQueue<Shard> queue, Connection source) {
        try (Connection target = request.target().open()) {
            target.setAutoCommit(false);
            Shard shard = queue.poll();
            while (shard != null && failure.get() == null) {
                copy(shard, source, target);
                shard = queue.poll();
            }
        } catch (Exception | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private void copy(Shard shard, Connection source, Connection target) throws SQLException {
        Entry entry = shard.entry();
        TableName name = entry.table().name();
        MysqlCopy copy = new MysqlCopy(request.source().dialect(), entry.columns(), (moreRows, moreBytes) -> {
            if (failure.get() != null) {
                throw new IllegalStateException("another table has failed");
            }
            bytes.addAndGet(moreBytes);
            listener.progressed(name, moreRows, moreBytes);
        });
        try {
            long copied = copy.run(
                    source,
                    entry.selectSql(request.source().dialect(), shard.range()),
                    target,
                    entry.copySql(request.target().dialect()));
            target.commit();
            rows.get(name).addAndGet(copied);
        } catch (SQLException e) {
            throw new SQLException("table " + name + ": " + e.getMessage(), e.getSQLState(), e);
        }
        if (shard.openOfTable().decrementAndGet() == 0) {
            requireComplete(entry, source);
            listener.tableLoaded(
                    name, rows.get(name).get(), 0, Duration.ofNanos(System.nanoTime() - shard.startedNanos()));
        }
    }

    /** The ranges of a table must together be the whole. */
    private void requireComplete(Entry entry, Connection source) throws SQLException {
        TableName name = entry.table().name();
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM " + request.source().dialect().quote(name)
                                + entry.slice().where(request.source().dialect()))) {
            row.next();
            if (row.getLong(1) != rows.get(name).get()) {
                throw new SQLException("table " + name + ": " + rows.get(name)
                        + " rows were loaded, but the snapshot holds " + row.getLong(1));
            }
        }
    }

    Map<TableName, Long> rows() {
        Map<TableName, Long> counted = new TreeMap<>();
        rows.forEach((name, count) -> counted.put(name, count.get()));
        return counted;
    }

    long bytes() {
        return bytes.get();
    }
}
