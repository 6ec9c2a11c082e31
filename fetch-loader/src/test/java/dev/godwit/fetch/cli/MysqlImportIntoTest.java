package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.fetch.CockroachCluster;
import dev.godwit.fetch.MysqlEnvironment;
import dev.godwit.fetch.TestDatabases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code godwit fetch} by {@code IMPORT INTO} of the stand-in, from MySQL: with the values that PostgreSQL has not, or that lines of a file could change. */
class MysqlImportIntoTest {
    private static final int SEED = 20_260_725;
    private static final int RANDOM_ROWS = 2_000;

    /** What separates, quotes, escapes or means something in one format of files or another. */
    private static final List<String> PIECES = List.of(
            "\\N", "\\", "\\.", ",", "\"", "\"\"", "'", "\n", "\r\n", "\r", "\t", "\u000b", "\b", "\f", ";", "NULL",
            " ", "a", "é", "🦅", "\\x00", "\\n", "\u2028", "\u0001", "{", "}");

    @TempDir
    private Path directory;

    /** With the target as Godwit sees it. */
    private TestDatabases databases;

    private CockroachCluster cluster;
    private CommandRun command;

    @BeforeEach
    void start() {
        TestDatabases mysql = new MysqlEnvironment().create();
        cluster = CockroachCluster.standIn(mysql.target);
        databases = mysql.into(cluster.asGodwitSeesIt());
        command = new CommandRun(databases, directory)
                .with(List.of(
                        "--schema-filter=public", // the stand-in has tables of its own
                        "--local-path=" + directory.resolve("files"),
                        "--local-path-listen-addr=127.0.0.1:0",
                        "--compression=gzip",
                        "--flush-rows=700"));
    }

    @AfterEach
    void stop() throws SQLException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void anImportThatFailedIsCarriedOnFromTheFilesOfItsSnapshot() throws SQLException {
        databases.onSource(
                "CREATE TABLE t (id int PRIMARY KEY, region varchar(9))",
                "INSERT INTO t" + new MysqlEnvironment().rows(2_000)
                        + "i, CASE i % 2 WHEN 0 THEN 'eu' ELSE 'us' END FROM n");
        databases.onTarget("CREATE TABLE t (id int PRIMARY KEY, region varchar(9))", "INSERT INTO t VALUES (4, 'us')");
        String eu = "--row-filter=public.t=region = 'eu'";
        assertThat(command.run(eu)).isEqualTo(1);
        assertThat(command.err.toString()).contains("ingested key collides with an existing one");
        String printed = command.out.toString();
        String load = printed.substring(printed.indexOf("fetch id ") + "fetch id ".length())
                .split("\\s")[0];

        databases.onTarget("DELETE FROM t WHERE region = 'us'");
        databases.onSource("DELETE FROM t WHERE id < 100");
        assertThat(command.run(eu, "--fetch-id=" + load, "--cleanup"))
                .as(command::told)
                .isZero();
        assertThat(rows(databases.target, "SELECT count(*), min(id), max(id), min(region) FROM t"))
                .containsExactly("1000|2|2000|eu");
        assertThat(command.out.toString()).contains("these tables of the target are offline: public.t");
    }

    @Test
    void everyValueArrivesAsItWas() throws SQLException {
        databases.onSource("CREATE TABLE v (id int PRIMARY KEY, n bigint unsigned, d decimal(65,30), raw longblob,"
                + " bits bit(13), at datetime(6), seen timestamp(3) NULL, doc json, body longtext, word varchar(200))");
        databases.onTarget("CREATE TABLE v (id int PRIMARY KEY, n numeric(20), d numeric(65,30), raw bytea,"
                + " bits bit(13), at timestamp(6), seen timestamptz(3), doc jsonb, body text, word varchar(200))");
        String decimal = "9".repeat(35) + "." + "9".repeat(30);
        databases.onSource(
                "INSERT INTO v VALUES (1, 18446744073709551615, " + decimal + ", x'00ff5c4e0a2c22', b'1000000000001',"
                        + " '9999-12-31 23:59:59.999999', '2024-10-27 00:30:00.123', '{\"a\": \"x,\\\\\"\\\\n\\\\\\\\\"}',"
                        + " 'a,\"b\"\\'c\\'\\nd\\\\e\\tf\\rg', '\\\\N')",
                "INSERT INTO v VALUES (2, 0, -0.000000000000000000000000000001, '', b'0', '1000-01-01 00:00:00', NULL,"
                        + " 'null', '', '')",
                "INSERT INTO v (id) VALUES (3)");
        writeRandomRows();

        assertThat(command.run("--keep-snapshot=0")).as(command::told).isZero();

        assertThat(cluster.jobStatuses()).containsOnly("succeeded");
        assertThat(rows(
                        databases.target,
                        "SELECT n, d, raw, bits, at, seen AT TIME ZONE 'UTC', doc, body, word FROM v WHERE id = 1"))
                .containsExactly("18446744073709551615|" + decimal + "|\\x00ff5c4e0a2c22|1000000000001|"
                        + "9999-12-31 23:59:59.999999|2024-10-27 00:30:00.123|{\"a\": \"x,\\\"\\n\\\\\"}|"
                        + "a,\"b\"'c'\nd\\e\tf\rg|\\N");
        assertThat(rows(databases.target, "SELECT n, d, raw, bits, at, seen, doc, body, word FROM v WHERE id = 2"))
                .as("what is empty is not NULL, nor is the null of JSON")
                .containsExactly(
                        "0|-0.000000000000000000000000000001|\\x|0000000000000|1000-01-01 00:00:00|null|null||");
        assertThat(rows(
                        databases.target,
                        "SELECT num_nulls(n, d, raw, bits, at, seen, doc, body, word), (SELECT doc IS NULL FROM v WHERE id"
                                + " = 2) FROM v WHERE id = 3"))
                .containsExactly("9|f");
        assertThat(rows(
                        databases.target,
                        "SELECT id, n, upper(encode(raw, 'hex')), bits, body, word FROM v WHERE id >= 10 ORDER BY id"))
                .as("seed " + SEED)
                .isEqualTo(
                        rows(
                                databases.source,
                                "SELECT id, n, hex(raw), lpad(bin(bits), 13, '0'), body, word FROM v WHERE id >= 10 ORDER BY id"));
    }

    private void writeRandomRows() throws SQLException {
        Random random = new Random(SEED);
        try (Connection connection = databases.source.open();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO v (id, n, raw, bits, body, word) VALUES (?, ?, ?, ?, ?, ?)")) {
            connection.setAutoCommit(false);
            for (int id = 10; id < 10 + RANDOM_ROWS; id++) {
                insert.setInt(1, id);
                insert.setString(2, Long.toUnsignedString(random.nextLong()));
                insert.setBytes(3, text(random).getBytes(StandardCharsets.UTF_16BE));
                insert.setInt(4, random.nextInt(1 << 13));
                insert.setString(5, random.nextInt(10) == 0 ? null : text(random));
                insert.setString(6, text(random));
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int pieces = random.nextInt(12); pieces > 0; pieces--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
