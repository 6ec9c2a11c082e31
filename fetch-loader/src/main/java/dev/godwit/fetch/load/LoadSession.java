package dev.godwit.fetch.load;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.session.OpenConnections;
import dev.godwit.fetch.session.PinnedSession;
import dev.godwit.fetch.snapshot.SnapshotReader;
import dev.godwit.fetch.state.FetchLedger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What all parts of one load share: the request, who listens, the connections of each worker, and what has arrived. */
final class LoadSession {
    private final FetchRequest request;
    private final FetchListener listener;
    private final FetchLedger ledger;
    private final OpenConnections connections;
    private final List<TableName> tables;
    private final List<SnapshotReader> readers = new ArrayList<>();
    private final List<Connection> targets = new ArrayList<>();
    private final Map<TableName, TableTally> tallies = new ConcurrentHashMap<>();
    private Optional<String> heldSnapshot = Optional.empty();

    LoadSession(
            FetchRequest request,
            FetchListener listener,
            FetchLedger ledger,
            OpenConnections connections,
            List<TableName> tables) {
        this.request = request;
        this.listener = listener;
        this.ledger = ledger;
        this.connections = connections;
        this.tables = tables;
    }

    FetchRequest request() {
        return request;
    }

    FetchListener listener() {
        return listener;
    }

    FetchLedger ledger() {
        return ledger;
    }

    OpenConnections connections() {
        return connections;
    }

    Map<TableName, TableTally> tallies() {
        return tallies;
    }

    int workers() {
        return request.concurrency();
    }

    /** One for each worker, all on the same snapshot. */
    void openReaders(String snapshotName) throws SQLException {
        for (int i = 0; i < workers(); i++) {
            readers.add(openReader(snapshotName));
        }
    }

    private SnapshotReader openReader(String snapshotName) throws SQLException {
        SnapshotReader reader = SnapshotReader.open(request.source(), ledger.fetchId(), snapshotName, tables);
        connections.add(reader.connection());
        return reader;
    }

    /** By this name the snapshot can be taken over as long as the load lasts. */
    void holds(String snapshotName) {
        heldSnapshot = Optional.of(snapshotName);
    }

    SnapshotReader reader(int worker) {
        synchronized (readers) {
            return readers.get(worker);
        }
    }

    /** A new connection on the same snapshot, in place of one that was lost. @return whether the snapshot is still held */
    boolean reopenReader(int worker) {
        if (heldSnapshot.isEmpty()) {
            return false;
        }
        try {
            SnapshotReader reader = openReader(heldSnapshot.get());
            synchronized (readers) {
                readers.set(worker, reader);
            }
            return true;
        } catch (SQLException e) {
            return false; // the loss itself is what is told
        }
    }

    void closeReaders() {
        synchronized (readers) {
            for (SnapshotReader reader : readers) {
                try {
                    reader.close();
                } catch (SQLException e) {
                    // It has nothing to say any more.
                }
            }
        }
    }

    void openTargets() throws SQLException {
        for (int i = 0; i < workers(); i++) {
            targets.add(connections.add(PinnedSession.open(request.target())));
        }
    }

    Connection target(int worker) {
        return targets.get(worker);
    }
}
