package dev.godwit.fetch;

import static dev.godwit.fetch.TestDatabases.all;
import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.catalog.TableName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ConsistentLoadTest {

    @Test
    void loadPlusSlotGiveEveryChangeOnceWhileWritersCarryOn() throws Exception {
        TestDatabases databases = TestDatabases.with(
                "CREATE TABLE a (id bigint PRIMARY KEY, filler text)",
                "CREATE TABLE b (id bigint PRIMARY KEY, filler text)",
                "CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL)");
        databases.onSource(
                "INSERT INTO a SELECT i, repeat('x', 200) FROM generate_series(1, 20000) i",
                "INSERT INTO b SELECT i, repeat('x', 200) FROM generate_series(1, 20000) i",
                "INSERT INTO account SELECT i, 100 FROM generate_series(1, 100) i");
        Set<Long> written = new HashSet<>();
        AtomicBoolean running = new AtomicBoolean(true);
        AtomicLong transactions = new AtomicLong();
        AtomicReference<Exception> writerFailure = new AtomicReference<>();
        Thread writer = new Thread(() -> {
            try {
                write(databases, running, transactions, written);
            } catch (Exception e) {
                writerFailure.set(e);
            }
        });
        writer.start();
        await().atMost(Duration.ofMinutes(1)).until(() -> transactions.get() > 20 || writerFailure.get() != null);

        AtomicLong atSnapshot = new AtomicLong();
        FetchResult result = FetchJob.run(
                databases
                        .request(all("public.a"), all("public.b"), all("public.account"))
                        .shardBytes(500_000)
                        .build(),
                new FetchListener() {
                    @Override
                    public void loadStarted(String cdcCursor, Map<TableName, Long> rowsEstimated) {
                        atSnapshot.set(transactions.get());
                        // Readers must not see what is written from here on.
                        await().atMost(Duration.ofMinutes(1))
                                .until(() -> transactions.get() > atSnapshot.get() + 20 || writerFailure.get() != null);
                    }
                });
        running.set(false);
        writer.join();
        assertThat(writerFailure.get()).isNull();
        assertThat(transactions.get()).isGreaterThan(atSnapshot.get() + 20);

        Set<Long> loadedA = ids(databases, "SELECT id FROM a");
        assertThat(loadedA).isEqualTo(ids(databases, "SELECT id FROM b"));
        assertThat(one(databases.target, "SELECT count(*), sum(balance) FROM account"))
                .isEqualTo("100|10000");
        Set<Long> delivered = deliveredInserts(databases, "a");
        assertThat(delivered).isNotEmpty().doesNotContainAnyElementsOf(loadedA);
        Set<Long> together = new TreeSet<>(loadedA);
        together.addAll(delivered);
        assertThat(together).containsAll(written).hasSize(20_000 + written.size());
        assertThat(result.cdcCursor())
                .isEqualTo(one(
                        databases.source,
                        "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + databases.slot
                                + "'"));
    }

    private static void write(
            TestDatabases databases, AtomicBoolean running, AtomicLong transactions, Set<Long> written)
            throws SQLException {
        try (Connection connection = databases.source.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (long id = 1_000_000; running.get(); id++) {
                statement.execute("INSERT INTO a VALUES (" + id + ", 'new')");
                statement.execute("UPDATE account SET balance = balance - 5 WHERE id = " + (id % 100 + 1));
                statement.execute("UPDATE account SET balance = balance + 5 WHERE id = " + ((id * 7 + 3) % 100 + 1));
                statement.execute("INSERT INTO b VALUES (" + id + ", 'new')");
                connection.commit();
                written.add(id);
                transactions.incrementAndGet();
            }
        }
    }

    private static Set<Long> ids(TestDatabases databases, String sql) throws SQLException {
        Set<Long> ids = new HashSet<>();
        rows(databases.target, sql).forEach(row -> ids.add(Long.valueOf(row)));
        return ids;
    }

    /** Reads the slot's messages in the format of PostgreSQL's documentation, "Logical Replication Message Formats". */
    private static Set<Long> deliveredInserts(TestDatabases databases, String table) throws SQLException {
        int oid = Integer.parseInt(one(databases.source, "SELECT '" + table + "'::regclass::oid::int"));
        Set<Long> ids = new HashSet<>();
        try (Connection connection = databases.source.open();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT data FROM"
                                + " pg_logical_slot_peek_binary_changes(?, NULL, NULL, 'proto_version', '1', 'publication_names', ?)")) {
            statement.setString(1, databases.slot);
            statement.setString(2, databases.slot);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ByteBuffer message = ByteBuffer.wrap(row.getBytes(1));
                    if (message.get() == 'I' && message.getInt() == oid) {
                        message.get(); // N: the new row follows
                        message.getShort(); // number of columns
                        message.get(); // t: as text
                        byte[] id = new byte[message.getInt()];
                        message.get(id);
                        assertThat(ids.add(Long.valueOf(new String(id, StandardCharsets.UTF_8))))
                                .isTrue();
                    }
                }
            }
        }
        return ids;
    }

    @Test
    void tablesInPiecesAreCompleteAndParentsComeFirst() throws SQLException {
        TestDatabases databases = TestDatabases.with(
                "CREATE TABLE parent (id int PRIMARY KEY, region text)",
                "CREATE TABLE child (id text PRIMARY KEY, parent int NOT NULL REFERENCES parent, region text)",
                "CREATE TABLE tree (id int PRIMARY KEY, above int REFERENCES tree, filler text)",
                "CREATE TABLE part (id int, day date, filler text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
                "CREATE TABLE part_old PARTITION OF part FOR VALUES FROM ('2020-01-01') TO ('2024-01-01')",
                "CREATE TABLE part_new PARTITION OF part FOR VALUES FROM ('2024-01-01') TO ('2030-01-01')");
        databases.onSource(
                "INSERT INTO parent SELECT i, CASE i % 3 WHEN 0 THEN 'eu' END FROM generate_series(1, 20000) i",
                "INSERT INTO child SELECT 'k' || i, i, CASE i % 3 WHEN 0 THEN 'eu' END FROM generate_series(1, 20000) i",
                // Every row's parent stands behind it in the table.
                "INSERT INTO tree SELECT i, nullif(i + 1, 5001), repeat('t', 100) FROM generate_series(1, 5000) i",
                "INSERT INTO part SELECT i, date '2023-12-01' + i % 60, repeat('p', 100) FROM generate_series(1, 10000) i",
                "DELETE FROM part WHERE id % 7 = 0",
                "UPDATE part SET filler = 'moved' WHERE id % 5 = 0");
        databases.onTarget("INSERT INTO parent VALUES (-1, 'us-east')", "INSERT INTO parent VALUES (-2, NULL)");

        FetchResult result = FetchJob.run(
                databases
                        .request(
                                databases.slice("public.child", "region = 'eu'"),
                                databases.slice("public.parent", "region = 'eu'"),
                                all("public.tree"),
                                all("public.part"))
                        .shardBytes(5 * 8192)
                        .concurrency(3)
                        .build(),
                new FetchListener() {});

        assertThat(result.rows())
                .containsEntry(TableName.parse("public.child"), 6666L)
                .containsEntry(TableName.parse("public.parent"), 6666L)
                .containsEntry(TableName.parse("public.tree"), 5000L);
        for (String sql : List.of(
                "SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM child c WHERE region = 'eu'",
                "SELECT md5(string_agg(p::text, ',' ORDER BY id)) FROM parent p WHERE region = 'eu'",
                "SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM tree t",
                "SELECT count(*), md5(string_agg(p::text, ',' ORDER BY id)) FROM part p")) {
            assertThat(one(databases.target, sql)).isEqualTo(one(databases.source, sql));
        }
        assertThat(rows(databases.target, "SELECT id FROM parent WHERE region IS DISTINCT FROM 'eu' ORDER BY id"))
                .containsExactly("-2", "-1");
    }

    @Test
    void publicationCarriesTheLedgerAndPartitionsUnderTheNameOfTheirTable() throws SQLException {
        TestDatabases databases = TestDatabases.with(
                "CREATE TABLE part (id int PRIMARY KEY) PARTITION BY HASH (id)",
                "CREATE TABLE part_0 PARTITION OF part FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
                "CREATE TABLE left_out (id int PRIMARY KEY)");

        databases.load(all("public.part"));

        assertThat(rows(
                        databases.source,
                        "SELECT schemaname || '.' || tablename FROM pg_publication_tables ORDER BY 1"))
                .containsExactly("_godwit.applied", "_godwit.watermark", "public.part");
        assertThat(rows(databases.target, "SELECT nspname FROM pg_namespace WHERE nspname = '_godwit'"))
                .hasSize(1);
        assertThat(rows(
                        databases.source,
                        "SELECT plugin, active FROM pg_replication_slots WHERE slot_name = '" + databases.slot + "'"))
                .containsExactly("pgoutput|f");
    }

    @Test
    void truncateEmptiesTablesThatReferToEachOther() throws SQLException {
        TestDatabases databases = familyWithRows();
        databases.onTarget("INSERT INTO parent VALUES (7, 'old')", "INSERT INTO child VALUES (7, 7)");

        FetchJob.run(
                databases
                        .request(all("public.parent"), all("public.child"))
                        .tableHandling(TableHandling.TRUNCATE_IF_EXISTS)
                        .build(),
                new FetchListener() {});

        assertThat(rows(
                        databases.target,
                        "SELECT p.id, p.region, c.id FROM parent p LEFT JOIN child c ON c.parent = p.id"
                                + " ORDER BY 1"))
                .containsExactly("1|eu|1", "2|us-east|2");
    }

    @Test
    void replacedSliceLeavesOtherRowsAlone() throws SQLException {
        TestDatabases databases = familyWithRows();
        databases.onTarget(
                "INSERT INTO parent VALUES (1, 'eu'), (5, 'eu'), (9, 'us-east')",
                "INSERT INTO child VALUES (5, 5), (9, 9)");
        databases.onTarget("ALTER TABLE child ADD region text");
        databases.onSource("ALTER TABLE child ADD region text", "UPDATE child SET region = 'eu' WHERE id = 1");
        databases.onTarget("UPDATE child SET region = 'eu' WHERE id = 5");

        FetchJob.run(
                databases
                        .request(
                                databases.slice("public.parent", "region = 'eu'"),
                                databases.slice("public.child", "region = 'eu'"))
                        .tableHandling(TableHandling.REPLACE_SLICE)
                        .build(),
                new FetchListener() {});

        assertThat(rows(databases.target, "SELECT id, region FROM parent ORDER BY id"))
                .containsExactly("1|eu", "9|us-east");
        assertThat(rows(databases.target, "SELECT id FROM child ORDER BY id")).containsExactly("1", "9");
    }

    private static TestDatabases familyWithRows() throws SQLException {
        TestDatabases databases = TestDatabases.with(
                "CREATE TABLE parent (id int PRIMARY KEY, region text)",
                "CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent)");
        databases.onSource(
                "INSERT INTO parent VALUES (1, 'eu'), (2, 'us-east')", "INSERT INTO child VALUES (1, 1), (2, 2)");
        return databases;
    }

    @Test
    void othersCanTakeTheSnapshotOverBeforeItIsReleased() throws Exception {
        TestDatabases databases = TestDatabases.with("CREATE TABLE t (id int PRIMARY KEY)");
        databases.onSource("INSERT INTO t SELECT generate_series(1, 10)");
        List<String> seen = new ArrayList<>();
        try (Connection other = databases.source.open();
                Statement statement = other.createStatement()) {
            FetchJob.run(databases.request(all("public.t")).build(), new FetchListener() {
                @Override
                public void snapshotTaken(String snapshotName) {
                    try {
                        databases.onSource("INSERT INTO t VALUES (11)");
                        statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
                        statement.execute("SET TRANSACTION SNAPSHOT '" + snapshotName + "'");
                    } catch (SQLException e) {
                        seen.add(e.getMessage());
                    }
                }
            });
            try (ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
                row.next();
                seen.add(row.getString(1));
            }
        }
        assertThat(seen).containsExactly("10");
        assertThat(one(databases.target, "SELECT count(*) FROM t")).isEqualTo("10");
    }

    @Test
    void structureOfTheSourceCannotChangeWhileItIsRead() throws Exception {
        TestDatabases databases = TestDatabases.with("CREATE TABLE t (id int PRIMARY KEY)");
        databases.onSource("INSERT INTO t SELECT generate_series(1, 1000)");
        AtomicReference<Exception> truncating = new AtomicReference<>();

        FetchResult result = FetchJob.run(databases.request(all("public.t")).build(), new FetchListener() {
            @Override
            public void loadStarted(String cdcCursor, Map<TableName, Long> rowsEstimated) {
                try {
                    databases.onSource("SET lock_timeout = '50ms'", "TRUNCATE t");
                } catch (SQLException e) {
                    truncating.set(e);
                }
            }
        });

        assertThat(truncating.get()).hasMessageContaining("lock timeout");
        assertThat(result.rowsTotal()).isEqualTo(1000);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> databases.onSource("SET lock_timeout = '1s'", "TRUNCATE t"));
    }
}
