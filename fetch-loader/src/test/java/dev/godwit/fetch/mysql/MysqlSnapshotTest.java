package dev.godwit.fetch.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.catalog.TableName;
import dev.godwit.local.MysqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several connections that see one state, and its GTID set, while transactions are committed all the time. */
class MysqlSnapshotTest {
    private static final List<TableName> COUNTER = List.of(new TableName("public", "counter"));
    private static final int CONNECTIONS = 4;
    private static final int SNAPSHOTS = 5;

    private static MysqlServer server;
    private static Database admin;

    @BeforeAll
    static void start() throws SQLException {
        assumeTrue(MysqlServer.whyNot().isEmpty() || System.getenv("GODWIT_REQUIRE_MYSQL") != null);
        server = MysqlServer.start("snapshot");
        admin = Database.connect("source", server.createDatabase("shop"));
        execute(admin, "CREATE TABLE counter (id INT PRIMARY KEY, n INT)");
        execute(admin, "INSERT INTO counter VALUES (1, 0)");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static void execute(Database database, String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Database user(String name) {
        return Database.connect(
                "source",
                DatabaseUrl.parse("source", "mysql://" + name + ":local-secret@127.0.0.1:" + server.port() + "/shop"));
    }

    /** Each transaction counts one up, so the counter tells how many of them a connection sees. */
    private static long countUp(AtomicBoolean enough, long pauseMicros) {
        try (Connection connection = admin.open();
                Statement statement = connection.createStatement()) {
            long transactions = 0;
            while (!enough.get()) {
                statement.execute("UPDATE counter SET n = n + 1");
                transactions++;
                LockSupport.parkNanos(pauseMicros * 1_000);
            }
            return transactions;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param beyond by how many transactions the snapshot may be ahead of its set */
    private static void assertOneState(Database source, long pauseMicros, long beyond) throws Exception {
        long others;
        try (Connection control = admin.open()) {
            others = number(
                    control, "SELECT substring_index(@@global.gtid_executed, '-', -1) - (SELECT n FROM counter)");
        }
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Long> writer = CompletableFuture.supplyAsync(() -> countUp(enough, pauseMicros));
        try {
            for (int i = 0; i < SNAPSHOTS; i++) {
                try (MysqlSnapshot snapshot = MysqlSnapshot.take(source, COUNTER, CONNECTIONS, 2)) {
                    List<Long> seen = new ArrayList<>();
                    for (Connection connection : snapshot.connections()) {
                        seen.add(number(connection, "SELECT n FROM counter"));
                    }
                    for (Connection connection : snapshot.kept()) {
                        seen.add(number(connection, "SELECT n FROM counter"));
                        connection.close();
                    }
                    assertThat(seen).hasSize(CONNECTIONS + 2);
                    long counted = last(snapshot.gtidSet()) - others;
                    assertThat(seen).allSatisfy(n -> assertThat(n).isBetween(counted, counted + beyond));
                    if (beyond == 0) {
                        assertThat(seen).containsOnly(counted);
                    }
                }
            }
        } finally {
            enough.set(true);
        }
        assertThat(writer.get()).as("transactions ran meanwhile").isPositive();
    }

    /** The number of the last transaction in the set of one server without gaps. */
    private static long last(String gtidSet) {
        return Long.parseLong(gtidSet.substring(gtidSet.lastIndexOf('-') + 1));
    }

    @Test
    void underTheReadLockAllConnectionsSeeWhatTheSetSays() throws Exception {
        assertOneState(admin, 0, 0);
    }

    @Test
    void withoutThePrivilegeToLockTheSnapshotIsNeverBehindItsSet() throws Exception {
        execute(admin, "CREATE USER 'reader'@'%' IDENTIFIED BY 'local-secret'");
        execute(admin, "GRANT SELECT ON shop.* TO 'reader'@'%'");
        assertOneState(user("reader"), 20_000, 1);
    }
}
