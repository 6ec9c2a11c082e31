package dev.godwit.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.local.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DemoDatabases.class)
@SuppressWarnings("try") // The traffic is closed before it is checked; the try only makes sure of it.
class TrafficTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final TrafficSettings FAST = new TrafficSettings(250, 4, 1);
    private static final int ROWS = 3_000;

    @Test
    void runsAtTheRateWithEveryKindOfTransactionAndItsBooksAgree(PostgresServer server) throws Exception {
        Database database = DemoDatabases.filled(server, "source", ROWS, 1);
        TrafficRouter router = new TrafficRouter(database, database);
        RegionCounts counts;
        try (Traffic traffic = Traffic.start(router, FAST)) {
            awaitTransactions(traffic, 50);
            long from = System.nanoTime();
            long first = traffic.counts().transactions();
            awaitTransactions(traffic, first + 600);
            long millis = (System.nanoTime() - from) / 1_000_000;
            // 2.4 s at 250 per second. It may lag on a busy machine but never run ahead, a second's backlog aside.
            assertThat(millis).isGreaterThan(1_350L);
            for (Region region : Region.values()) {
                assertThat(LostWriteCheck.owner(database, region, traffic)).isEmpty(); // while it runs
            }
            traffic.close();
            counts = traffic.counts();
            for (Region region : Region.values()) {
                assertThat(LostWriteCheck.owner(database, region, traffic)).isEmpty();
                assertThat(traffic.counts(region).transactions()).isPositive();
            }
        }
        assertThat(counts.firstFailures()).isEmpty();
        assertThat(counts.failures()).isZero();
        assertThat(counts.rowsChanged()).isGreaterThan(counts.transactions());
        assertThat(DemoDatabases.number(database, "SELECT count(*) FROM migration_schema.audit_log WHERE writer > 0"))
                .isEqualTo(counts.transactions());
        // All but a few kinds come often enough; which are idle now and then depends on chance.
        assertThat(DemoDatabases.number(
                        database,
                        "SELECT count(DISTINCT kind) FROM migration_schema.audit_log WHERE rows_delta"
                                + " <> 0 OR versions_delta <> 0"))
                .isGreaterThanOrEqualTo(14);
        assertThat(DemoDatabases.number(database, "SELECT count(DISTINCT kind) FROM migration_schema.audit_log"))
                .isEqualTo(1L + OrderActions.ALL.size() + StaffActions.ALL.size());
    }

    @Test
    void nothingOfAStoppedRegionIsCommittedAndTheOthersGoOn(PostgresServer server) throws Exception {
        Database source = DemoDatabases.filled(server, "source", ROWS, 1);
        Database target = DemoDatabases.filled(server, "target", ROWS, 1);
        TrafficRouter router = new TrafficRouter(source, target);
        try (Traffic traffic = Traffic.start(router, FAST)) {
            awaitTransactions(traffic, 100);
            router.stop(Region.EU, LONG);
            String stopped = lastChange(source);
            long others = traffic.counts(Region.APAC).transactions();
            long skipped = traffic.counts(Region.EU).skipped();
            await().atMost(LONG)
                    .until(() -> traffic.counts(Region.EU).skipped() > skipped + 20
                            && traffic.counts(Region.APAC).transactions() > others + 20);
            assertThat(lastChange(source)).isEqualTo(stopped);
            assertThat(LostWriteCheck.owner(source, Region.EU, traffic)).isEmpty();
            // The target has the initial rows only: all that the application was told is missing there.
            assertThat(LostWriteCheck.books(target, Region.EU)).isEmpty();
            assertThat(LostWriteCheck.owner(target, Region.EU, traffic))
                    .hasSize(4)
                    .allSatisfy(problem -> assertThat(problem).contains("eu on the target: the last ", " are missing"));
        }
    }

    private static String lastChange(Database database) throws SQLException {
        return DemoDatabases.query(
                database,
                "SELECT count(*) || ' ' || max(written_at) || ' ' || max(xmin::text::bigint) FROM"
                        + " migration_schema.audit_log"
                        + " WHERE region = 'eu'");
    }

    @Test
    void aRegionMovesToTheOtherSideAndItsDowntimeIsMeasured(PostgresServer server) throws Exception {
        // Both sides are the same database, as if replication took no time: nothing may be lost by the move itself.
        Database database = DemoDatabases.filled(server, "source", ROWS, 1);
        Database again = Database.connect("target", database.url());
        TrafficRouter router = new TrafficRouter(database, again);
        try (Traffic traffic = Traffic.start(router, FAST)) {
            awaitTransactions(traffic, 100);
            router.stop(Region.EU, LONG);
            assertThat(router.isOpen(Region.EU)).isFalse();
            long skipped = traffic.counts(Region.EU).skipped();
            await().atMost(LONG).until(() -> traffic.counts(Region.EU).skipped() > skipped + 10);
            router.open(Region.EU, Side.TARGET);
            assertThat(router.owner(Region.EU)).isSameAs(again);
            assertThat(router.owner(Region.APAC)).isSameAs(database);
            Downtime downtime = router.awaitDowntimeEnd(Region.EU, LONG);
            assertThat(downtime.duration()).isBetween(Duration.ofMillis(40), LONG);
            assertThat(downtime.after()).isEqualTo(Side.TARGET);
            assertThat(router.downtimes(Region.EU)).containsExactly(downtime);
            assertThat(router.downtimes(Region.APAC)).isEmpty();
            assertThat(router.longestGap(Region.EU)).isGreaterThanOrEqualTo(downtime.duration());
            assertThat(LostWriteCheck.owner(router.owner(Region.EU), Region.EU, traffic))
                    .isEmpty();
        }
    }

    @Test
    void acknowledgedTransactionsOutliveACrashOfTheServer(PostgresServer server) throws Exception {
        Database database = DemoDatabases.filled(server, "source", ROWS, 1);
        TrafficRouter router = new TrafficRouter(database, database);
        try (Traffic traffic = Traffic.start(router, new TrafficSettings(1_000, 8, 3))) {
            for (int crash = 0; crash < 2; crash++) {
                awaitTransactions(traffic, traffic.counts().transactions() + 200);
                server.kill();
                server.restart();
            }
            // Long enough for every writer to have ended its last pause before another try: closing cuts such a pause
            // short.
            awaitTransactions(traffic, traffic.counts().transactions() + 2_000);
            traffic.close();
            assertThat(traffic.counts().retries()).isPositive();
            assertThat(traffic.counts().firstFailures()).isEmpty();
            for (Region region : Region.values()) {
                assertThat(LostWriteCheck.owner(database, region, traffic)).isEmpty();
            }
        }
    }

    @Test
    void goesOnWhereAnEarlierTrafficEnded(PostgresServer server) throws Exception {
        Database database = DemoDatabases.filled(server, "source", ROWS, 1);
        TrafficRouter router = new TrafficRouter(database, database);
        for (int run = 0; run < 2; run++) {
            try (Traffic traffic = Traffic.start(router, FAST)) {
                awaitTransactions(traffic, 100);
                traffic.close();
                assertThat(traffic.counts().firstFailures()).isEmpty();
                assertThat(LostWriteCheck.owner(database, Region.EU, traffic)).isEmpty();
            }
        }
    }

    @Test
    void pauseHoldsEverythingAndCloseLeavesNoThreadAndNoConnection(PostgresServer server) throws Exception {
        Database database = DemoDatabases.filled(server, "source", ROWS, 1);
        TrafficRouter router = new TrafficRouter(database, database);
        String connections = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'godwit demo traffic'";
        try (Traffic traffic = Traffic.start(router, FAST)) {
            awaitTransactions(traffic, 50);
            traffic.pause();
            RegionCounts paused = traffic.counts();
            assertThat(DemoDatabases.number(database, connections + " AND state <> 'idle'"))
                    .isZero();
            assertThat(DemoDatabases.number(database, connections)).isPositive();
            await().during(Duration.ofMillis(100)).until(() -> traffic.counts().equals(paused));
            traffic.resume();
            awaitTransactions(traffic, paused.transactions() + 20);
            traffic.pause();
            traffic.close();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("demo-traffic-"));
        await().atMost(LONG).until(() -> DemoDatabases.number(database, connections) == 0);
    }

    @Test
    void lostWritesOfEveryKindAreFound(PostgresServer server) throws Exception {
        Database database = DemoDatabases.filled(server, "source", ROWS, 1);
        TrafficRouter router = new TrafficRouter(database, database);
        try (Traffic traffic = Traffic.start(router, FAST)) {
            await().atMost(LONG)
                    .until(() -> traffic.sequences(Region.EU).stream().allMatch(writer -> writer.acknowledged() > 5));
            traffic.close();
            String eu = " WHERE region = 'eu' AND ";
            assertFound(
                    database,
                    traffic,
                    "DELETE FROM migration_schema.audit_log" + eu + "writer = 1 AND seq = 3",
                    "1 transactions of writer 1 are missing among its first");
            assertFound(
                    database,
                    traffic,
                    "DELETE FROM migration_schema.audit_log" + eu
                            + "writer = 2 AND seq > (SELECT max(seq) - 2 FROM migration_schema.audit_log" + eu
                            + "writer = 2)",
                    "the last 2 transactions of writer 2 are missing");
            assertFound(
                    database,
                    traffic,
                    "INSERT INTO migration_schema.audit_log SELECT region, writer, seq + 1000000, kind, 0, 0, 0,"
                            + " written_at FROM migration_schema.audit_log" + eu + "writer = 3 AND seq = 1",
                    "writer 3 has ");
            Region other = Region.US_WEST;
            assertThat(LostWriteCheck.owner(database, other, traffic)).isEmpty();
            tamper(
                    database,
                    "UPDATE migration_schema.customers SET version = version + 1 WHERE id = (SELECT min(id) FROM"
                            + " migration_schema.customers WHERE region = 'us-west')");
            assertThat(LostWriteCheck.owner(database, other, traffic))
                    .singleElement()
                    .asString()
                    .contains("updates of the tables");
            tamper(
                    database,
                    "DELETE FROM migration_schema.order_items WHERE (order_id, line_no) = (SELECT order_id,"
                            + " line_no FROM"
                            + " migration_schema.order_items WHERE region = 'us-west' AND version = 0 LIMIT 1)");
            assertThat(LostWriteCheck.owner(database, other, traffic))
                    .hasSize(3)
                    .anySatisfy(problem -> assertThat(problem).contains("rows of the tables"))
                    .anySatisfy(problem -> assertThat(problem).contains("1 orders whose total is not the sum"));
            tamper(
                    database,
                    "UPDATE migration_schema.payments SET amount = amount + 0.01 WHERE id = (SELECT id FROM"
                            + " migration_schema.payments WHERE region = 'us-west' LIMIT 1)");
            assertThat(LostWriteCheck.books(database, other)).hasSize(4).anySatisfy(problem -> assertThat(problem)
                    .startsWith("us-west on the source: money of the tables and of the transactions differ"));
        }
    }

    private static void assertFound(Database database, Traffic traffic, String tampering, String problem)
            throws SQLException {
        tamper(database, tampering);
        assertThat(LostWriteCheck.owner(database, Region.EU, traffic))
                .anySatisfy(found -> assertThat(found).contains(problem));
    }

    private static void tamper(Database database, String sql) throws SQLException {
        assertThat(DemoDatabases.execute(database, sql)).isPositive();
    }

    @Test
    void refusesSettingsThatMakeNoTraffic() {
        assertThatThrownBy(() -> TrafficSettings.defaults().withRate(0)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> TrafficSettings.defaults().withRate(Double.NaN))
                .isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> new TrafficSettings(60, 0, 1)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> Region.of("mars"))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.remedy()).contains("us-east"));
    }

    private static void awaitTransactions(Traffic traffic, long transactions) {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> traffic.counts().transactions() >= transactions);
    }
}
