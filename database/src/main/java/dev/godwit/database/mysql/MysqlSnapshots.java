package dev.godwit.database.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Connections that see one state of a MySQL source, handed from one part of this process to another by a name. MySQL itself lets nobody join a
 * snapshot, so its connections must have been made together. Thread-safe.
 */
public final class MysqlSnapshots {
    private static final Map<String, BlockingQueue<Connection>> OFFERED = new ConcurrentHashMap<>();

    private static final Map<String, Integer> CONNECTIONS = new ConcurrentHashMap<>();

    private static final Set<String> CLAIMED = ConcurrentHashMap.newKeySet();

    private MysqlSnapshots() {}

    /** @return the name by which they can be borrowed until {@link #close} */
    public static String offer(List<Connection> connections) {
        String name = "mysql-snapshot-" + UUID.randomUUID();
        OFFERED.put(name, new LinkedBlockingQueue<>(connections));
        CONNECTIONS.put(name, connections.size());
        return name;
    }

    /** How many connections there are, borrowed ones among them: who borrows several at a time may wait for himself. */
    public static int connections(String name) {
        return CONNECTIONS.getOrDefault(name, 0);
    }

    /** Takes the duty to {@link #close} it over from the one who has offered it. */
    public static void claim(String name) {
        CLAIMED.add(name);
    }

    /** Whether somebody has taken it over. */
    public static boolean isClaimed(String name) {
        return CLAIMED.contains(name);
    }

    /** Waits until one is free. To be given back, whatever was done with it, but for the transaction's end. */
    public static Connection borrow(String name) throws SQLException {
        BlockingQueue<Connection> free = OFFERED.get(name);
        if (free == null) {
            throw new SQLException("the snapshot " + name + " is gone");
        }
        try {
            return free.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
    }

    public static void giveBack(String name, Connection connection) throws SQLException {
        BlockingQueue<Connection> free = OFFERED.get(name);
        if (free == null) {
            connection.close();
        } else {
            free.add(connection);
        }
    }

    /** Whether its connections still live, as far as can be told. */
    public static boolean isAlive(String name) {
        BlockingQueue<Connection> free = OFFERED.get(name);
        return free != null && free.stream().allMatch(MysqlSnapshots::isOpen);
    }

    private static boolean isOpen(Connection connection) {
        try {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Ends the snapshot. Does nothing the second time. */
    public static void close(String name) throws SQLException {
        CLAIMED.remove(name);
        CONNECTIONS.remove(name);
        BlockingQueue<Connection> free = OFFERED.remove(name);
        if (free != null) {
            for (Connection connection : free) {
                connection.close();
            }
        }
    }
}
