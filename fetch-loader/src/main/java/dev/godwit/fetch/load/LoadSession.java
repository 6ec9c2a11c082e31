package dev.godwit.fetch.load;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.session.OpenConnections;
import dev.godwit.fetch.session.PinnedSession;
import dev.godwit.fetch.source.LoadSource;
import dev.godwit.fetch.state.FetchLedger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What all parts of one load share: the request, who listens, the connections of each worker, and what has arrived. */
final class LoadSession {
    private final FetchRequest request;
    private final FetchListener listener;
    private final FetchLedger ledger;
    private final OpenConnections connections;
    private final List<Connection> targets = new ArrayList<>();
    private final Map<TableName, TableTally> tallies = new ConcurrentHashMap<>();
    private LoadSource source;

    LoadSession(FetchRequest request, FetchListener listener, FetchLedger ledger, OpenConnections connections) {
        this.request = request;
        this.listener = listener;
        this.ledger = ledger;
        this.connections = connections;
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

    /** Only after {@link #reads}. */
    LoadSource source() {
        return source;
    }

    void reads(LoadSource value) {
        source = value;
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
