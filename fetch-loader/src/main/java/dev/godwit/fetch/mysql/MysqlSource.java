package dev.godwit.fetch.mysql;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.mysql.MysqlSnapshots;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.mysql.KeeperTerms.Order;
import dev.godwit.fetch.plan.LoadPlan;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.source.LedgerTables;
import dev.godwit.fetch.source.LoadSource;
import dev.godwit.fetch.source.SnapshotGone;
import dev.godwit.fetch.source.SourceContext;
import dev.godwit.fetch.source.SourceReader;
import dev.godwit.fetch.state.LoadState;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A MySQL source. Sessions that see one snapshot are opened at the beginning, all that will ever be: they belong to this process if the load is given up when it fails, and
 * to a {@link SnapshotKeeper} if it can be continued. Nothing but the schema {@code _godwit} is created on the source.
 */
public final class MysqlSource implements LoadSource {
    /** In place of sessions that are lost. */
    private static final int SPARE_SESSIONS = 2;
    /** For whoever compares with the snapshot after the load. */
    private static final int KEPT_SESSIONS = 2;
    /** How long a loader that was killed may still seem to be there. */
    private static final Duration BUSY_WAIT = Duration.ofSeconds(20);

    private final SourceContext context;
    private final FetchRequest request;
    private final Dialect dialect;
    private final String loader = UUID.randomUUID().toString();
    private final List<SnapshotAccess> readers = new ArrayList<>();
    private final List<Connection> spares = new ArrayList<>();
    private Optional<KeeperProcess> keeper = Optional.empty();

    public MysqlSource(SourceContext context) {
        this.context = context;
        this.request = context.request();
        this.dialect = request.source().dialect();
    }

    @Override
    public Begun begin(LoadPlan plan) throws SQLException {
        context.doing().accept("creating the schema _godwit on the target");
        LedgerTables.create(request.target());
        if (request.checkpoint().isTaken()) {
            context.doing().accept("creating the schema _godwit on the source");
            LedgerTables.create(request.source());
        }
        context.doing().accept("taking a snapshot of the source");
        requireUnchanged(plan);
        String gtidSet = request.continuation().possible() ? keep(plan) : take(plan);
        requireUnchanged(plan);
        return new Begun(request.checkpoint().isTaken() ? gtidSet : "", keeper.map(KeeperProcess::name));
    }

    private String keep(LoadPlan plan) throws SQLException {
        KeeperProcess.Started started = KeeperProcess.start(new Order(
                request.source().url().withPassword(),
                plan.names(),
                request.concurrency() + SPARE_SESSIONS,
                context.secret(),
                request.continuation().keep().toMillis()));
        keeper = Optional.of(started.process());
        try {
            openReaders(started.process());
        } catch (IOException e) {
            throw new SQLException("the process that keeps the snapshot does not answer: " + e.getMessage(), e);
        }
        return started.gtidSet();
    }

    private void openReaders(KeeperProcess process) throws IOException, SQLException {
        for (int i = 0; i < request.concurrency(); i++) {
            readers.add(connect(process));
        }
    }

    private KeeperAccess connect(KeeperProcess process) throws IOException, SQLException {
        long deadline = System.nanoTime() + BUSY_WAIT.toNanos();
        while (true) {
            try {
                return context.connections().entered(KeeperAccess.open(process.port(), context.secret(), loader));
            } catch (KeeperAccess.BusyException e) {
                if (System.nanoTime() > deadline) {
                    throw new RefusedException(
                            "load " + context.fetchId() + " is being run by another process",
                            "wait for that process, or end it",
                            e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
    }

    private String take(LoadPlan plan) throws SQLException {
        MysqlSnapshot snapshot = MysqlSnapshot.take(
                request.source(), plan.names(), request.concurrency() + SPARE_SESSIONS, KEPT_SESSIONS);
        for (Connection connection : snapshot.connections()) {
            context.connections().add(connection);
            if (readers.size() < request.concurrency()) {
                readers.add(new DirectAccess(connection, dialect));
            } else {
                spares.add(connection);
            }
        }
        String name = MysqlSnapshots.offer(snapshot.kept());
        try {
            context.listener().snapshotTaken(name);
        } finally {
            if (!MysqlSnapshots.isClaimed(name)) {
                MysqlSnapshots.close(name);
            }
        }
        return snapshot.gtidSet();
    }

    /** Sessions of the snapshot keep tables as they are; what the checks saw must still hold. */
    private void requireUnchanged(LoadPlan plan) throws SQLException {
        Catalog catalog = request.source().catalog();
        for (TablePlan table : plan.tables()) {
            if (!catalog.table(table.name()).equals(Optional.of(table.table()))) {
                throw new RefusedException(
                        "the structure of " + table.name() + " on the source was changed while the load was starting",
                        "run it again when the change is through; nothing was written");
            }
        }
    }

    @Override
    public Optional<String> takeOver(LoadPlan plan, LoadState state) throws SQLException {
        context.doing().accept("joining the snapshot of the earlier run");
        String name = state.snapshot().orElseThrow(() -> gone(state, "it was begun without keeping one"));
        KeeperProcess process = KeeperProcess.parse(name).orElseThrow(() -> gone(state, "it is called " + name));
        if (!process.isHere()) {
            throw gone(
                    state,
                    "it is kept, if at all, by a process on the machine " + process.host()
                            + "; continue the load there");
        }
        try {
            openReaders(process);
            readers.get(0).first("SELECT 1");
        } catch (IOException | SQLException e) {
            throw gone(state, "the process that kept it has ended, or its sessions are lost: " + e.getMessage());
        }
        keeper = Optional.of(process);
        return state.snapshot();
    }

    private static RefusedException gone(LoadState state, String why) {
        return SnapshotGone.refusal(state.fetchId(), why, "");
    }

    @Override
    public void tookOver() {
        // The keeper serves whoever knows its secret, one after the other.
    }

    private SnapshotAccess access(int worker) {
        synchronized (readers) {
            return readers.get(worker);
        }
    }

    @Override
    public SourceReader reader(int worker) {
        return new MysqlReader(access(worker), dialect);
    }

    @Override
    public boolean reopen(int worker) {
        synchronized (readers) {
            try {
                if (keeper.isPresent()) {
                    KeeperAccess next = connect(keeper.get());
                    next.first("SELECT 1");
                    readers.set(worker, next);
                    return true;
                }
                while (!spares.isEmpty()) {
                    DirectAccess next = new DirectAccess(spares.remove(0), dialect);
                    if (next.connection().isValid((int) BUSY_WAIT.toSeconds())) {
                        readers.set(worker, next);
                        return true;
                    }
                }
                return false;
            } catch (IOException | SQLException e) {
                return false; // the loss itself is what is told
            }
        }
    }

    private MysqlShards shards() {
        return new MysqlShards(dialect, request.splitting());
    }

    @Override
    public List<String> ranges(TablePlan table) throws SQLException {
        return shards().ranges(access(0), table);
    }

    @Override
    public long rowsEstimated(TablePlan table) throws SQLException {
        return shards().rowsEstimated(access(0), table);
    }

    /** The driver keeps one row of each worker. */
    @Override
    public long longestRow(TablePlan table) {
        return 0;
    }

    @Override
    public void release(Optional<String> heldBefore) throws SQLException {
        Optional<KeeperProcess> process =
                keeper.or(() -> heldBefore.flatMap(KeeperProcess::parse).filter(KeeperProcess::isHere));
        keeper = Optional.empty();
        if (process.isPresent()) {
            try (KeeperAccess access = KeeperAccess.open(process.get().port(), context.secret(), loader)) {
                access.end();
            } catch (IOException | KeeperAccess.BusyException e) {
                // It has ended before, or somebody else works with it.
            }
        }
        for (SnapshotAccess reader : readers) {
            if (reader instanceof DirectAccess direct) {
                direct.connection().close();
            }
        }
        for (Connection spare : spares) {
            spare.close();
        }
    }

    /** The log is kept by time, for nobody in particular: whether it still reaches back is asked when replication begins. */
    @Override
    public void requireIntact() {}

    @Override
    public List<String> sequences(LoadPlan plan) throws SQLException {
        return new AutoIncrements(request, context.listener()).statements(plan);
    }

    @Override
    public void cancel() {
        // Connections are ended with all others.
    }

    @Override
    public void drop() throws SQLException {
        release(Optional.empty());
    }

    @Override
    public String toGiveUp() {
        return "";
    }

    @Override
    public String kept() {
        return "on this machine and within "
                + request.continuation().keep().toMinutes()
                + " minutes, for so long a process of its own keeps the snapshot";
    }
}
