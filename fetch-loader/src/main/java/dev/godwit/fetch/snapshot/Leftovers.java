package dev.godwit.fetch.snapshot;

import dev.godwit.database.Database;
import dev.godwit.fetch.session.SqlFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Drops slots and publications. A slot that nobody reads keeps the source's log forever, until its disk is full. */
public final class Leftovers {
    private static final Duration RELEASE_WAIT = Duration.ofSeconds(15);

    private Leftovers() {}

    /** Waits a while for a process that is just letting go of the slot. Does nothing if there is no such slot. */
    public static void dropSlot(Database source, String slotName) throws SQLException {
        long deadline = System.nanoTime() + RELEASE_WAIT.toNanos();
        try (Connection connection = source.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, slotName);
            while (true) {
                try {
                    statement.execute();
                    return;
                } catch (SQLException e) {
                    String state = SqlFailure.state(e);
                    if (state.equals("42704")) {
                        return; // gone between reading the list and dropping
                    }
                    boolean inUse = state.equals("55006");
                    if (!inUse || System.nanoTime() > deadline) {
                        throw e;
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                }
            }
        }
    }

    public static void dropPublication(Database source, String publicationName) throws SQLException {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP PUBLICATION IF EXISTS " + source.dialect().quote(publicationName));
        }
    }
}
