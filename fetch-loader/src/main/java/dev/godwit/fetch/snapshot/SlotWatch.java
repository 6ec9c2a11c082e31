package dev.godwit.fetch.snapshot;

import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.session.SqlFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Finds out for whom a slot waits while it is being created, since the server itself is silent about it. */
public final class SlotWatch implements AutoCloseable {
    private static final long PERIOD_MS = 3_000;

    private final FetchRequest request;
    private final Capture capture;
    private final FetchListener listener;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "godwit-fetch-slot-watch");
        thread.setDaemon(true);
        return thread;
    });
    private final Future<?> polling;
    private volatile List<String> lastSeen = List.of();

    public SlotWatch(FetchRequest request, Capture capture, FetchListener listener) {
        this.request = request;
        this.capture = capture;
        this.listener = listener;
        long first = Math.min(PERIOD_MS, request.slotWait().toMillis() / 2);
        this.polling = timer.scheduleWithFixedDelay(this::look, first, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try (Connection connection = request.source().open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT b.pid, a.usename, a.application_name,"
                                + " to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS since"
                                + " FROM unnest(pg_blocking_pids(?)) AS b(pid) LEFT JOIN pg_stat_activity a ON a.pid = b.pid")) {
            statement.setInt(1, capture.backendPid());
            List<String> seen = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    seen.add(describe(row));
                }
            }
            if (!seen.isEmpty()) {
                lastSeen = seen;
                listener.waitingForTransactions(seen);
            }
        } catch (SQLException e) {
            // Only the report is missing now; the slot itself tells whether the source is still there.
            lastSeen = List.of("unknown (" + SqlFailure.describe(e) + ")");
        }
    }

    private static String describe(ResultSet row) throws SQLException {
        if (row.getInt("pid") == 0) {
            return "a prepared transaction (see pg_prepared_xacts)";
        }
        return "process " + row.getInt("pid") + " of user " + row.getString("usename") + " ("
                + row.getString("application_name") + "), since " + row.getString("since");
    }

    /** Empty if the slot was not seen waiting. */
    public List<String> lastSeen() {
        return lastSeen;
    }

    @Override
    public void close() {
        polling.cancel(false);
        timer.shutdown();
    }
}
